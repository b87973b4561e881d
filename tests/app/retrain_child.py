"""A small process that talks like the trainer: python retrain_child.py MODE train|dataset ...

MODE: well, garbage, dies, fails, waits (until it is asked to stop), deaf (to that, too), floods, or
burns (every core, niced as the trainer is).
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

CLASSES = ("ApplyEyeMakeup", "ApplyLipstick", "Basketball", "sitting down", "YoYo")
EPOCHS, FITS = 12, 2
GARBAGE = (
    b"not JSON",
    b'{"event":"epoch"}',
    b"\xff\x00{",
    b'{"event":[1]}',
    b"[" * 50_000,
    b"null",
)


class Child:
    def __init__(self, mode: str, arguments: list[str]) -> None:
        self.mode = mode
        self.words: list[str] = []
        options = dict(a[2:].split("=", 1) for a in arguments if a.startswith("--") and "=" in a)
        self.resumed = "resume" in options
        self.run = Path(options.get("resume") or options.get("run") or ".")
        self.settings = options
        self.data = arguments[-1] if "run" in options or arguments[0] == "dataset" else "clips"
        if arguments[0] == "train":
            self.run.mkdir(exist_ok=True)
            if self.resumed:
                self.settings = json.loads((self.run / "run.json").read_text())
        self.scans = arguments[0] == "dataset"

    def say(self, event: str, **figures: object) -> None:
        line = json.dumps({"event": event, "time": time.time(), **figures})
        print(line, flush=True)
        if not self.scans:
            with (self.run / "progress.jsonl").open("a") as file:
                print(line, file=file)

    def listen(self) -> None:
        for line in sys.stdin:
            self.words.append(line.strip())

    def obey(self) -> None:
        while self.words and self.mode != "deaf":
            word = self.words.pop(0)
            if word == "pause":
                self.say("paused")
                while "continue" not in self.words and "stop" not in self.words:
                    time.sleep(0.01)
                self.say("continued")
            elif word == "stop":
                self.say("stopped", resume=str(self.run))
                sys.exit(130)

    def found(self) -> None:
        few = {"Typing": {"clips": 2, "groups": 1, "seconds": 9, "enough": False}}
        few = few if self.scans else {}
        self.say(
            "data",
            name=Path(self.data).name,
            classes={
                label: {"clips": 40 + 5 * i, "groups": 9 + i, "seconds": 260.5 + i, "enough": True}
                for i, label in enumerate(CLASSES)
            }
            | few,
            quarantined=[{"file": "YoYo/v_YoYo_g01_c01.avi", "reason": "no frame can be decoded"}],
            notes=["The groups were read from UCF-101's file names."],
            split="Whole groups: 4 of 20 are held out for the test.",
        )

    def scan(self) -> None:
        if self.mode == "fails":
            print("lrcn-desktop: The folder holds no clips: add some.", file=sys.stderr)
            sys.exit(2)
        for done in range(4):
            self.say("progress", stage="scan", done=done, total=4)
            time.sleep(0.02)
        self.found()

    def train(self) -> None:
        threading.Thread(target=self.listen, daemon=True).start()
        self.say("run", dir=str(self.run), model=self.settings["out"], preset="default",
                 resumed=self.resumed)  # fmt: skip
        (self.run / "run.json").write_text(json.dumps(self.settings))
        if self.mode == "fails":
            self.say("error", message="The disk is full: make room and continue.")
            print("lrcn-desktop: The disk is full: make room and continue.", file=sys.stderr)
            sys.exit(2)
        self.found()
        self.say("note", text="Basketball has few groups: its figure is rough.")
        if self.mode == "floods":
            while True:
                sys.stdout.buffer.write(1000 * (b"x" * 200 + b"\n" + GARBAGE[1] + b"\n"))
        if self.mode == "burns":
            self.burn()
        self.say("stage", stage="features", text="features on ncnn", total=20, unit="clip")
        for done in range(1, 21):
            self.obey()
            self.say("progress", stage="features", done=done, total=20, seconds_left=20.0 - done)
            time.sleep(0.005)
        self.fit()
        if self.mode in ("waits", "deaf"):
            while True:
                self.obey()
                time.sleep(0.01)
        self.say("stage", stage="test", text="testing", total=1, unit="clip")
        report = self.run / "report.html"
        report.write_text("<p>report</p>")
        (self.run / "done.json").write_text("{}")
        model = Path(self.settings["out"])
        if "CHILD_MODEL" in os.environ:
            model.write_bytes(Path(os.environ["CHILD_MODEL"]).read_bytes())
        self.say("done", model=str(model), report=str(report), evaluation=evaluation(0.93),
                 current=evaluation(0.81) | {"seen_in_training": 12},
                 verdict="It is right on 93 of 100 clips, 12 more than ucf101-7.")  # fmt: skip

    def burn(self) -> None:
        if hasattr(os, "nice"):
            os.nice(10)
        burning = f"import os\nwhile os.getppid() == {os.getpid()}: pass"
        for _ in range(os.cpu_count() or 1):
            subprocess.Popen([sys.executable, "-c", burning])
        for number in range(1, 2000):
            self.obey()
            self.epoch(1, number)
            time.sleep(0.02)

    def fit(self) -> None:
        total = EPOCHS * FITS
        self.say("stage", stage="fit", text="fitting", total=total, unit="epoch")
        for number in range(1, FITS + 1):
            for epoch in range(1, EPOCHS + 1):
                self.obey()
                if self.mode == "garbage":
                    sys.stdout.buffer.write(b"\n".join(GARBAGE) + b"\n")
                    sys.stdout.buffer.flush()
                if self.mode == "dies" and epoch == 7 and not self.resumed:
                    print("epoch 7\nRuntimeError: out of memory", file=sys.stderr, flush=True)
                    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
                self.epoch(number, epoch)
                done = (number - 1) * EPOCHS + epoch
                self.say("progress", stage="fit", done=done, total=total, seconds_left=total - done)
                time.sleep(0.005)

    def epoch(self, number: int, epoch: int) -> None:
        share = 1 - 0.8 ** (epoch + number / 2)
        right = round(9 * share)
        count = len(CLASSES)
        self.say(
            "epoch", fit=f"fold {number} of {FITS}, LSTM", number=number, epoch=epoch,
            epochs=EPOCHS, loss=2.1 * 0.75**epoch, accuracy=1 - 0.7**epoch,
            validation_loss=0.5 + 1.5 * 0.8**epoch, validation_accuracy=0.95 * share, best=True,
            seconds_left=200.0 - epoch,
            confusion=[[right if i == j else (10 - right) * ((i + 1) % count == j)
                        for j in range(count)] for i in range(count)],
        )  # fmt: skip


def evaluation(share: float) -> dict[str, object]:
    count = len(CLASSES)
    return {
        "clips": 100,
        "classes": list(CLASSES),
        "accuracy": {"frame": share - 0.01, "clip_mean": share, "clip_last": share - 0.02},
        "baseline": {"frame": share - 0.05, "clip_mean": share - 0.03, "clip_last": share - 0.06},
        "ece": 0.034,
        "streams": {"text": f"On streams of clips: {100 * share:.0f} % of steps are right."},
        "accuracy_by_seconds": {
            "seconds": [0.5, 1, 2, 4, 8],
            "mean": [share - 0.2, share - 0.1, share - 0.06, share - 0.02, share],
            "baseline_mean": [share - 0.2, share - 0.12, share - 0.1, share - 0.05, share - 0.03],
        },
        "confusion": [[18 if i == j else 2 * ((i + 1) % count == j) for j in range(count)]
                      for i in range(count)],
    }  # fmt: skip


if __name__ == "__main__":
    child = Child(sys.argv[1], sys.argv[2:])
    if child.scans:
        child.scan()
    else:
        child.train()
