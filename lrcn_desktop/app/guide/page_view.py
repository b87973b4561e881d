"""One page of the guide, laid out to be read, with the places that a search found in it."""

from PySide6.QtCore import QEvent, QUrl, Signal
from PySide6.QtGui import (
    QDesktopServices,
    QFont,
    QFontDatabase,
    QPalette,
    QTextBlock,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from lrcn_desktop.app.guide.pages import Page

_SIZES = {1: 1.6, 2: 1.25, 3: 1.05}  # of a heading, times the text's
_WEB = ("http", "https")
_MARGIN = 26  # pixels around the text


class PageView(QTextBrowser):
    """Shows a page; links to other pages are reported, those to the web open in the browser."""

    page_wanted = Signal(str, str)  # a page's name ("": this one), and an anchor or ""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setAccessibleName(self.tr("Page"))
        self.setObjectName("guide")
        self.anchorClicked.connect(self._follow)
        self._page: Page | None = None
        self._words = ""

    @property
    def matches(self) -> list[QTextCursor]:
        """The places of what was searched for, in their order."""
        found: list[QTextCursor] = []
        cursor = self.document().find(self._words) if self._words else QTextCursor()
        while not cursor.isNull():
            found.append(cursor)
            cursor = self.document().find(self._words, cursor)
        return found

    def show_page(self, page: Page, anchor: str = "") -> None:
        """Show a page from its top, or from the heading that `anchor` names."""
        if page is not self._page:
            self._page = page
            self._lay_out()
        self.moveCursor(QTextCursor.MoveOperation.Start)
        heading = self._heading(anchor)
        if heading is not None:
            self.setTextCursor(QTextCursor(heading))
            top = self.document().documentLayout().blockBoundingRect(heading).top()
            self.verticalScrollBar().setValue(round(top) - _MARGIN // 2)

    def highlight(self, words: str) -> None:
        """Mark every place where `words` occur, in whatever case; "" marks none."""
        self._words = words
        marked = []
        for cursor in self.matches:
            selection = QTextEdit.ExtraSelection()
            selection.cursor = cursor
            mark = selection.format
            mark.setBackground(self.palette().color(QPalette.ColorRole.Highlight))
            mark.setForeground(self.palette().color(QPalette.ColorRole.HighlightedText))
            marked.append(selection)
        self.setExtraSelections(marked)

    def go_to(self, match: int) -> None:
        """Bring a place of what was searched for into view."""
        self.setTextCursor(self.matches[match])
        self.ensureCursorVisible()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Lay the page out again when the colors or the font change."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self._page:
            self._lay_out()

    def _follow(self, link: QUrl) -> None:
        if link.scheme() in _WEB:
            QDesktopServices.openUrl(link)
        elif not link.scheme():
            self.page_wanted.emit(link.path(), link.fragment())

    def _heading(self, anchor: str) -> QTextBlock | None:
        if self._page is None or not anchor:
            return None
        anchors = iter(heading.anchor for heading in self._page.headings)
        block = self.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and next(anchors, None) == anchor:
                return block
            block = block.next()
        return None

    def _lay_out(self) -> None:
        assert self._page is not None
        document = self.document()
        document.setDefaultFont(self.font())
        document.setDocumentMargin(_MARGIN)
        document.setMarkdown(self._page.text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._lay_out_table(frame)
        block = document.begin()
        while block.isValid():
            self._lay_out_block(block)
            block = block.next()
        self.highlight(self._words)

    def _lay_out_table(self, table: QTextTable) -> None:
        look = table.format()
        look.setBorderCollapse(True)
        look.setBorder(1)
        look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        look.setBorderBrush(self.palette().color(QPalette.ColorRole.Mid))
        look.setCellPadding(6)
        look.setCellSpacing(0)
        look.setTopMargin(4)
        look.setBottomMargin(4)
        look.setWidth(QTextLength(QTextLength.Type.PercentageLength, 99))
        table.setFormat(look)

    def _lay_out_block(self, block: QTextBlock) -> None:
        cursor = QTextCursor(block)
        look = QTextBlockFormat()
        level = block.blockFormat().headingLevel()
        if level:
            self._set_font(block, self._heading_font(level))
            look.setTopMargin(0 if level == 1 else 22)
            look.setBottomMargin(8)
        elif block.blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence):
            fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            fixed.setPointSizeF(self.font().pointSizeF())
            self._set_font(block, fixed)
            look.setBackground(self.palette().color(QPalette.ColorRole.AlternateBase))
            look.setNonBreakableLines(False)
            last = not block.next().blockFormat().hasProperty(QTextFormat.Property.BlockCodeFence)
            look.setBottomMargin(12 if last else 0)
        elif cursor.currentTable() is None and block.text():
            look.setBottomMargin(4 if block.textList() is not None else 10)
            look.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor.mergeBlockFormat(look)

    def _heading_font(self, level: int) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * _SIZES.get(level, 1.0))
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _set_font(self, block: QTextBlock, font: QFont) -> None:
        """Give a block's text a font in place of the sizes that come with Markdown."""
        look = block.charFormat()
        look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        look.setFont(font)
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(look)
