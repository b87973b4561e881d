"""The frozen networks that ship; a new one is a file or two beside these, and a line here."""

from lrcn_desktop.model.backbones.backbone import Backbone
from lrcn_desktop.model.backbones.lite0 import LITE0
from lrcn_desktop.model.backbones.vgg16 import VGG16

FROZEN: dict[str, Backbone] = {backbone.kind: backbone for backbone in (VGG16, LITE0)}
