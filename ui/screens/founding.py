"""Opening a shelter: the sheet before the camera, the first of the staff, and the word that it is done."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy

from kiosk.core.household import Mode
from kiosk.flow import (
    Chosen,
    Enter,
    FirstStaff,
    Founded,
    Founding,
    PicturesWanted,
    QuitWanted,
    ShowSheet,
    Typed,
)
from kiosk.flow.choices import DESKS
from ui import theme
from ui.screens.around import device_said
from ui.screens.base import Screen
from ui.screens.form import FormScreen
from ui.stage import Ambient, Stage
from ui.station import Device
from ui.widgets.buttons import BigButton, Kind
from ui.widgets.choices import choose
from ui.widgets.fields import Field
from ui.widgets.paint import box
from ui.widgets.panels import EDGE, Card, Message, Pill
from ui.widgets.text import NameLabel, Text
from ui.widgets.views import CameraView
from ui.words import Phrase, Words

PICTURES = 2
LONGEST_CODE = 4096


def show_mode(pill: Pill, words: Words, mode: Mode) -> None:
    """A drill or a disaster: nobody may mistake one for the other."""
    if mode is Mode.DRILL:
        pill.show_state(words.plain("founding.drill"), "flag", theme.ON_FILL, theme.ORANGE)
    else:
        pill.show_state(words.plain("founding.disaster"), "triangle-alert", theme.ON_FILL, theme.RED)


class SheetView(CameraView):
    """What the camera sees; before that, a sheet as it is to be held."""

    def __init__(self, stage: Stage) -> None:
        words = stage.words
        super().__init__(stage.scale, words.plain("founding.view"), words.plain("founding.sheet"))
        self.setFixedSize(stage.scale.px(540), stage.scale.px(400))

    def _phone(self, painter: QPainter, area: QRectF) -> None:
        px = self._scale.px
        paper = QRectF(area.center().x() - px(120), area.top() + px(30), px(240), px(332))
        box(painter, paper, px(6), theme.ON_SCENE)
        painter.setPen(theme.CARD_INK)
        painter.setFont(self._scale.font(theme.TITLE, bold=True))
        title = QRectF(paper.left(), paper.top() + px(16), paper.width(), px(48))
        painter.drawText(title, theme.ALIGN_CENTRE, self._sample)
        code = QRectF(paper.center().x() - px(75), paper.top() + px(76), px(150), px(150))
        box(painter, code, px(4), theme.CARD_LINE)
        # Corners as a code has them, and nothing in between: a drawing must never be read by a camera.
        for x, y in ((0, 0), (1, 0), (0, 1)):
            corner = QRectF(
                code.left() + px(10) + x * px(88), code.top() + px(10) + y * px(88), px(42), px(42)
            )
            box(painter, corner, px(4), theme.CARD_INK)
            box(painter, corner.adjusted(px(8), px(8), -px(8), -px(8)), px(2), theme.CARD_LINE)
        for row, width in enumerate((180, 200, 130)):
            line = QRectF(paper.left() + px(30), paper.top() + px(246 + 24 * row), px(width), px(10))
            box(painter, line, px(4), theme.CARD_LINE)


class ShowSheetScreen(Screen[ShowSheet]):
    """The camera looks for the sheet all the time; a picture or the code's text does as well."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        px = self.scale.px
        layout = self.rows(margin=theme.MARGIN - EDGE, top=14, spacing=6)
        layout.addWidget(self.heading("founding.title"))
        middle = QHBoxLayout()
        middle.setSpacing(px(8))
        left = Card(self.scale, padding=20)
        left.content.setSpacing(px(10))
        self.view = SheetView(stage)
        left.content.addWidget(self.view)
        self.camera = Pill(self.scale, bold=True)
        row = self.across(self.camera)
        row.addStretch()
        left.content.addLayout(row)
        left.content.addStretch()
        middle.addWidget(left)
        right = Card(self.scale, padding=24)
        right.content.setSpacing(px(10))
        self.steps = self.line("founding.steps", wrap=True)
        right.content.addWidget(self.steps)
        self.message = Message(self.scale)
        right.content.addWidget(self.message)
        right.content.addStretch()
        right.content.addWidget(self.line("founding.pictures", size=theme.BODY))
        self.pictures = [
            BigButton(self.scale, "", icon="image", size=theme.SMALL, height=theme.TARGET)
            for _ in range(PICTURES)
        ]
        for place, button in enumerate(self.pictures):
            button.clicked.connect(lambda _=False, at=place: self.hands.put(Chosen(at)))
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            right.content.addWidget(button)
        self.look = self.button(
            "founding.look", PicturesWanted(), icon="refresh-cw", size=theme.BODY, height=theme.TARGET
        )
        self.look.press_by("F4")
        right.content.addWidget(self.look)
        middle.addWidget(right, 1)
        layout.addLayout(middle, 1)
        layout.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        px, words = self.scale.px, self.words
        self.field = Field(self.scale, words.plain("founding.text"), theme.BODY, height=theme.TARGET)
        self.field.setMaxLength(LONGEST_CODE)
        self.field.setPlaceholderText(words.plain("founding.text"))
        self.field.typed.connect(lambda text: self.hands.put(Typed(text)))
        self.read = self.button("founding.read", Enter(), icon="scan-line", cap="Enter", height=theme.TARGET)
        self.read.setFixedWidth(px(260))
        self.quit = self.button(
            "locked.quit", QuitWanted(), icon="log-out", kind=Kind.QUIET, size=theme.BODY, height=theme.TARGET
        )
        self.quit.setFixedWidth(px(200))
        return self.across(self.field, self.read, self.quit, shares=(1, 0, 0), spacing=12, edge=EDGE)

    def show_ambient(self, ambient: Ambient) -> None:
        """How the camera is."""
        device = ambient.surroundings.camera
        well = device in {Device.STARTING, Device.WORKING}
        self.view.light(on=well)
        self.camera.show_state(
            device_said(self.words, "camera", device),
            "circle-check" if well else "triangle-alert",
            theme.GREEN_DEEP if well else theme.ORANGE,
            theme.GREEN_TINT if well else theme.ORANGE_TINT,
        )

    def show_state(self, state: ShowSheet) -> None:
        """What is offered, and what was wrong."""
        self.field.show_text(state.text)
        for place, button in enumerate(self.pictures):
            there = place < len(state.pictures)
            button.setVisible(there)
            if there:
                button.say(PurePath(state.pictures[place].replace("\\", "/")).name)
        self.message.setVisible(state.reading or bool(state.code))
        self.steps.setVisible(not state.reading and not state.code)
        if state.reading:
            self.message.show_message("ok", self.words("founding.reading"), Phrase(()))
        elif state.code:
            self.message.show_message(
                "attention", self.words("founding.refused"), self.wrong(state.code, state.sentence)
            )

    def entered(self) -> None:
        """A scanner that types, or a person, may begin at once."""
        self.field.setFocus()
        self.view.begin(self.hands.latest_frame)

    def left(self) -> None:
        """No picture and no code stays."""
        self.view.rest()
        self.field.clear()


class FirstStaffScreen(FormScreen[FirstStaff]):
    """Whose laptop it becomes, loudly; then a name, a passphrase twice, and which desk it is."""

    def __init__(self, stage: Stage) -> None:
        texts, secrets = ("first_staff.name",), ("first_staff.secret", "first_staff.again")
        super().__init__(stage, texts, secrets, padding=18, spacing=10)
        content = self.content
        self.mode = Pill(self.scale, bold=True, size=theme.LEAD, height=56)
        self.shelter = NameLabel(self.scale, theme.NAME)
        content.addLayout(self.across(self.mode, self.shelter, shares=(0, 1)))
        content.addWidget(self.line("first_staff.subtitle", wrap=True))
        content.addStretch()
        content.addWidget(self.form)
        content.addStretch()
        content.addWidget(self.line("first_staff.desk"))
        self.desks = self.choices(DESKS, Chosen)
        for letter, choice in zip(DESKS, self.desks, strict=True):
            choice.setAccessibleName(self.words.plain("first_staff.desk_name", letter=letter))
        content.addLayout(self.across(*self.desks, spacing=8))
        content.addWidget(self.said)
        content.addStretch()
        self.end("first_staff.found", "landmark", back="first_staff.back")

    def show_state(self, state: FirstStaff) -> None:
        """As filled in so far."""
        show_mode(self.mode, self.words, state.sheet.mode)
        self.shelter.show_name(state.sheet.name)
        choose(self.desks, state.desk)
        self.show_form(state, state.name, rule="first_staff.rule")


class FoundingScreen(Screen[Founding]):
    """A second or two."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        layout = self.rows()
        self.text = Text(self.scale, theme.HEADING, bold=True, align=theme.ALIGN_CENTRE, wrap=True)
        self.text.say(self.words("founding.making"))
        self.sub = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=theme.ALIGN_CENTRE, wrap=True)
        self.sub.say(self.words("founding.making_sub"))
        layout.addStretch()
        layout.addWidget(self.text)
        layout.addWidget(self.sub)
        layout.addStretch()


class FoundedScreen(Screen[Founded]):
    """It is the shelter's kiosk; the desk opens as on any other morning."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        centre = theme.ALIGN_CENTRE
        content = self.one_card(margin=160, top=24, padding=40, spacing=16)
        self.title = Text(self.scale, theme.HEADING, bold=True, align=centre, wrap=True)
        self.shelter = NameLabel(self.scale, theme.NAME, align=centre, wrap=True)
        self.mode = Pill(self.scale, bold=True, size=theme.LEAD, height=56)
        self.next = Text(self.scale, theme.LEAD, colour=theme.INK_SOFT, align=centre, wrap=True)
        self.enter = self.button(
            "founded.enter", Enter(), icon="lock", cap="Enter", kind=Kind.FIRST, height=theme.TARGET_FIRST
        )
        self.title.say(self.words("founded.title"))
        content.addStretch()
        content.addLayout(self.large_sign("check", theme.ON_FILL, theme.GREEN))
        content.addWidget(self.title)
        content.addWidget(self.shelter)
        content.addLayout(self.centred(self.mode))
        content.addWidget(self.next)
        content.addStretch()
        content.addWidget(self.enter)

    def show_state(self, state: Founded) -> None:
        """Whose kiosk it is."""
        self.shelter.show_name(state.sheet.name)
        show_mode(self.mode, self.words, state.sheet.mode)
        self.next.say(self.words("founded.next", letter=DESKS[state.desk]))
