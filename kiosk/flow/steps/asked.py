"""Asked entry, page by page, and count-only.

A name and its sex, a birth date or an age, the next member's name and so on; nothing typed means nobody
more, and leads to the town. The same pages correct one person of a household that was received.
"""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.household import Household, Method, Person, Sex
from kiosk.desk import MAX_HEADS, Arrival
from kiosk.flow.choices import SEXES
from kiosk.flow.dating import with_digit, with_era
from kiosk.flow.effects import Amend, FindSimilar, Join, Sound, Step
from kiosk.flow.inputs import (
    AskOpened,
    Back,
    Chosen,
    Digit,
    Enter,
    Erase,
    Input,
    Letter,
    NotKnown,
    Plus,
    SexSaid,
    SimilarFound,
    SimilarWanted,
    Typed,
)
from kiosk.flow.states import (
    AskBirth,
    AskCount,
    Asked,
    AskName,
    AskTown,
    Changed,
    MemberCard,
)
from kiosk.flow.steps.common import (
    Rows,
    at_index,
    attention,
    enter,
    go_home,
    home,
    receive,
    with_person,
    write,
)
from kiosk.flow.values import NO_HOUSEHOLD_ID, NO_PERSON_ID, Change


def correct(state: MemberCard, event: AskOpened) -> Step:
    """Ask for the name and birth of somebody who was received without, or with others."""
    asked = Asked(None, event.today, event.towns, correcting=state)
    return Step(AskName(asked, state.member.kana or ""))


# Name


def _name_typed(state: AskName, event: Typed) -> Step:
    return Step(AskName(state.asked, event.text))


def _name_told(state: AskName, sex: Sex, *, provisional: bool = False) -> Step:
    if not state.told and not provisional and state.asked.correcting is None:
        return attention(replace(state, missing=True))
    if len(state.asked.people) >= MAX_HEADS:
        return attention(state)
    whom = state.asked.correcting
    text = "" if whom is None else birth_text(whom.member)
    return Step(AskBirth(state.asked, state.told, sex, provisional, text))


def _name_enter(state: AskName, _event: Enter) -> Step:
    if state.nobody_more:
        return _to_town(state.asked)
    return _name_told(state, Sex.UNKNOWN)


def _name_digit(state: AskName, event: Digit) -> Step:
    """1 and 2 say the sex and go on; 0: nobody knows the name."""
    if event.value in {1, 2}:
        if state.nobody_more:
            # A digit too many of the date before: it must not make up somebody.
            return attention(state)
        return _name_told(state, SEXES[event.value - 1])
    return _name_unknown(state, event) if event.value == 0 else Step(state)


def _name_sex(state: AskName, event: SexSaid) -> Step:
    return _name_told(state, SEXES[event.index])


def _name_unknown(state: AskName, _event: Input) -> Step:
    """A child alone, somebody who can not say who they are: received, and waiting for somebody who can."""
    return _name_told(state, Sex.UNKNOWN, provisional=True)


def _name_back(state: AskName, _event: Back) -> Step:
    if state.asked.correcting is not None:
        return enter(state.asked.correcting)
    if not state.asked.people:
        return home()
    *others, last = state.asked.people
    asked = replace(state.asked, people=tuple(others))
    return Step(AskBirth(asked, last.kana or "", last.sex, last.provisional, birth_text(last)))


# Birth


def birth_text(person: Person) -> str:
    """What was typed for a person's birth or age."""
    if person.birth is not None:
        return f"{person.birth.to_int():08}"
    return "" if person.age is None else str(person.age)


def _birth_digit(state: AskBirth, event: Digit) -> Step:
    if state.whole:
        return Step(state)
    typed = replace(state, text=with_digit(state.text, event.value), wrong=False)
    if typed.whole:
        told = _birth_enter(typed, event)
        return Step(told.state, (Sound("tick"), *told.effects))
    return Step(typed, (Sound("tick"),))


def _birth_letter(state: AskBirth, event: Letter) -> Step:
    text = with_era(state.text, event.value)
    if text == state.text:
        return Step(state)
    return Step(replace(state, text=text, wrong=False), (Sound("tick"),))


def _birth_erase(state: AskBirth, _event: Erase) -> Step:
    return Step(replace(state, text=state.text[:-1], wrong=False), (Sound("tick"),))


def _birth_not_known(state: AskBirth, event: NotKnown) -> Step:
    return _birth_enter(replace(state, text=""), event)


def _birth_enter(state: AskBirth, _event: Input) -> Step:
    if state.text and state.birth is None and state.age is None:
        return attention(replace(state, wrong=True))
    person = Person(
        NO_PERSON_ID,
        kana=state.kana or None,
        birth=state.birth,
        sex=state.sex,
        age=state.age if state.birth is None else None,
        provisional=state.provisional,
    )
    if state.asked.correcting is not None:
        return _corrected(state, state.asked.correcting, person)
    asked = replace(state.asked, people=(*state.asked.people, person))
    return Step(AskName(asked, asked.family_name))


def _corrected(state: AskBirth, whom: MemberCard, told: Person) -> Step:
    """What was told takes the place of what was known; what was not told stays."""
    before = whom.member
    birthed = told.birth is not None or told.age is not None
    person = replace(
        before,
        kana=told.kana or before.kana,
        # A kana that is corrected makes the written name doubtful: it was another person's, or misread.
        name=before.name if told.kana in {None, before.kana} else None,
        birth=told.birth if birthed else before.birth,
        age=told.age if birthed else before.age,
        sex=told.sex if told.sex is not Sex.UNKNOWN else before.sex,
        provisional=before.provisional or told.provisional,
    )
    changed = with_person(whom.card.row.household, whom.card.person, person)
    return write(Change.AMENDED, Amend(changed), whom, state)


def _birth_back(state: AskBirth, _event: Back) -> Step:
    return Step(AskName(state.asked, state.kana))


# Town


def _to_town(asked: Asked) -> Step:
    return _with_similar(AskTown(asked))


def _with_similar(state: AskTown) -> Step:
    """Look, while the town is being told, whether some of the family are here already."""
    if not state.town:
        return Step(replace(state, similar=()))
    return Step(state, (FindSimilar(_household(state)),))


def _household(state: AskTown) -> Household:
    asked = state.asked
    return Household(NO_HOUSEHOLD_ID, asked.people, address=state.town, no_address=asked.no_address)


def _town_typed(state: AskTown, event: Typed) -> Step:
    asked = replace(state.asked, no_address=False)
    typed = AskTown(asked, event.text, similar=state.similar)
    return _with_similar(replace(typed, picked=0) if event.text and typed.choices else typed)


def _town_pick(state: AskTown, index: int) -> Step:
    if not 0 <= index < len(state.choices):
        return Step(state)
    picked = None if state.picked == index else index
    return _with_similar(replace(state, asked=replace(state.asked, no_address=False), picked=picked))


def _town_digit(state: AskTown, event: Digit) -> Step:
    """1 to 8 are towns, 9 joins the family that is here, 0: no address is told."""
    if event.value == 9:
        return _town_join(state, SimilarWanted())
    return _town_pick(state, event.value - 1) if event.value else _town_untold(state, event)


def _town_untold(state: AskTown, _event: Input) -> Step:
    untold = replace(state.asked, no_address=not state.asked.no_address)
    return _with_similar(replace(state, asked=untold, picked=None))


def _town_similar(state: AskTown, event: SimilarFound) -> Step:
    # An answer to an earlier town is older than what is told now.
    return Step(replace(state, similar=event.rows)) if event.about == _household(state) else Step(state)


def _town_join(state: AskTown, event: SimilarWanted) -> Step:
    if not 0 <= event.index < len(state.similar):
        return Step(state)
    row = state.similar[event.index]
    then = Changed(row, Change.JOINED)
    return write(Change.JOINED, Join(row.household.id, state.asked.people), then, state)


def _town_plus(state: AskTown, _event: Plus) -> Step:
    """One more of the family after all."""
    asked = replace(state.asked, town=state.town)
    return Step(AskName(asked, asked.family_name))


def _town_enter(state: AskTown, _event: Enter) -> Step:
    return receive(Arrival(Method.DESK, _household(state), None, state.asked.stopwatch))


# Count-only


def _count_digit(state: AskCount, event: Digit) -> Step:
    text = f"{state.text}{event.value}".lstrip("0")
    if not text or int(text) > MAX_HEADS:
        return Step(state)
    return Step(replace(state, text=text), (Sound("tick"),))


def _count_erase(state: AskCount, _event: Erase) -> Step:
    return Step(replace(state, text=state.text[:-1]), (Sound("tick"),))


def _count_enter(state: AskCount, _event: Enter) -> Step:
    if not state.count:
        return attention(state)
    heads = tuple(Person(NO_PERSON_ID) for _ in range(state.count))
    household = Household(NO_HOUSEHOLD_ID, heads)
    return receive(Arrival(Method.COUNT, household, None, state.stopwatch))


ROWS: Rows = {
    AskName: {
        Typed: _name_typed,
        Digit: _name_digit,
        SexSaid: _name_sex,
        NotKnown: _name_unknown,
        Enter: _name_enter,
        Back: _name_back,
    },
    AskBirth: {
        Digit: _birth_digit,
        Letter: _birth_letter,
        Erase: _birth_erase,
        NotKnown: _birth_not_known,
        Enter: _birth_enter,
        Back: _birth_back,
    },
    AskTown: {
        Typed: _town_typed,
        Digit: _town_digit,
        Chosen: at_index(_town_pick),
        NotKnown: _town_untold,
        SimilarFound: _town_similar,
        SimilarWanted: _town_join,
        Plus: _town_plus,
        Enter: _town_enter,
        Back: _town_plus,
    },
    AskCount: {Digit: _count_digit, Erase: _count_erase, Enter: _count_enter, Back: go_home},
}
