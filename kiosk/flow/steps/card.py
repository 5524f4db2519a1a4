"""A household's card: seen, and corrected page by page. Every change is one act of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kiosk.core.household import Household, Person, Pet, PetKind
from kiosk.flow.choices import (
    CONSENTS,
    EMBASSIES,
    LANGUAGES,
    MOST_PETS,
    MOST_PORTIONS,
    PAGE_KEYS,
    PETS,
    RELATIONS,
    SEXES,
    STAYS,
    Page,
)
from kiosk.flow.effects import Amend, EndSecrecy, KeepSecret, ReadShelter, Represent, Step, Uncover
from kiosk.flow.inputs import (
    AskOpened,
    Back,
    Chosen,
    Digit,
    EndingSaid,
    Enter,
    Erase,
    Failed,
    FamilyOpened,
    Fewer,
    Going,
    Held,
    Input,
    LetGo,
    Letter,
    NeedsOpened,
    NotKnown,
    PageOpened,
    PersonChosen,
    Plus,
    RelationSaid,
    RowMoved,
    SecrecyWanted,
    SexSaid,
    ShelterRead,
    SlipWanted,
    TieWanted,
    Typed,
    Uncovered,
)
from kiosk.flow.states import CardPage, EndingSecrecy, HouseholdCard, MemberCard
from kiosk.flow.steps.asked import correct
from kiosk.flow.steps.common import (
    Answer,
    Rows,
    as_index,
    at_index,
    attention,
    by_letter,
    enter,
    what_now,
    with_person,
    write,
)
from kiosk.flow.steps.family import open_family, open_needs
from kiosk.flow.steps.outcome import SIMILAR, compare, fails
from kiosk.flow.steps.papers import open_slip
from kiosk.flow.steps.tying import open_tying
from kiosk.flow.values import Change, Work

# The card


def _person(state: HouseholdCard, index: int) -> Step:
    if not 0 <= index < len(state.row.household.members):
        return Step(state)
    return Step(replace(state, person=index, holding=None, shown=False))


def _person_moved(state: HouseholdCard, event: RowMoved) -> Step:
    return _person(state, state.person + event.by)


def _held(state: HouseholdCard, event: Held) -> Step:
    """What is masked shows only after the ledger has written down who looks."""
    held = replace(state, holding=event.masked, shown=False, sentence="")
    return Step(held, (Uncover(state.row.household.id, event.masked),))


def _uncovered(state: HouseholdCard, _event: Uncovered) -> Step:
    return Step(state if state.holding is None else replace(state, shown=True))


def _let_go(state: HouseholdCard, _event: LetGo) -> Step:
    return Step(replace(state, holding=None, shown=False))


def _not_uncovered(state: HouseholdCard, event: Failed) -> Step:
    return Step(replace(state, holding=None, shown=False, sentence=event.sentence))


def _going(state: HouseholdCard, _event: Input) -> Step:
    return what_now(state.row, back=_still(state))


def _member(state: HouseholdCard, _event: Input) -> Step:
    return Step(MemberCard(_still(state)))


def _card_back(state: HouseholdCard, _event: Input) -> Step:
    return enter(state.back)


def _still(state: HouseholdCard) -> HouseholdCard:
    """The card with nothing held."""
    return replace(state, holding=None, shown=False, sentence="")


def _page(state: HouseholdCard, event: PageOpened) -> Step:
    card, home = _still(state), state.row.household
    text = {Page.ADDRESS: home.address, Page.PHONE: home.phone, Page.NOTE: home.note}.get(event.page, "")
    opened = CardPage(card, event.page, home, text)
    return Step(opened, (ReadShelter(),) if event.page is Page.AREA else ())


def _page_key(page: Page) -> Answer:
    return lambda state, _event: _page(state, PageOpened(page))


def _secrecy(state: HouseholdCard, _event: Input) -> Step:
    """One touch sets it, because it protects; lifting it wants a reason."""
    card = _still(state)
    if state.row.household.secrecy:
        return Step(EndingSecrecy(card))
    return write(Change.SECRECY, KeepSecret(state.row.household.id), card, card)


# Ending secrecy


def _ending_said(state: EndingSecrecy, event: EndingSaid) -> Step:
    said = EndingSecrecy(state.card, event.reason, event.who)
    if not (event.reason.strip() and event.who.strip() and len(event.secret)):
        return attention(replace(said, missing=True))
    household = state.card.row.household.id
    effect = EndSecrecy(household, event.reason.strip(), event.who.strip(), event.secret)
    return write(Change.AMENDED, effect, state.card, said)


def _to_card(state: EndingSecrecy | CardPage | MemberCard, _event: Input) -> Step:
    return enter(state.card)


# Pages


def _pick_language(home: Household, language: str) -> Household:
    others = tuple(one for one in home.languages if one != language)
    return replace(home, languages=others if language in home.languages else (*others, language))


def _more_pets(home: Household, kind: PetKind, by: int = 1) -> Household:
    number = next((pet.number for pet in home.pets if pet.kind is kind), 0)
    number = max(0, min(MOST_PETS, number + by))
    kept = {pet.kind: pet.number for pet in home.pets} | {kind: number}
    return replace(home, pets=tuple(Pet(one, kept[one]) for one in PETS if kept.get(one)))


_Choices = Mapping[Page, tuple[Sequence[Any], Callable[[Household, Any], Household]]]
_AT_ONCE: _Choices = {
    Page.STAY: (STAYS, lambda home, stay: replace(home, stay=stay)),
    Page.CONSENT: (CONSENTS, lambda home, consent: replace(home, consent=consent)),
    Page.EMBASSY: (EMBASSIES, lambda home, embassy: replace(home, embassy=embassy)),
}
"""Pages on which one touch is all: what can be chosen, and what follows for the household."""
_BY_AND_BY: _Choices = {
    Page.LANGUAGES: (LANGUAGES, _pick_language),
    Page.PETS: (PETS, _more_pets),
    Page.SUPPLIES: (range(1, MOST_PORTIONS + 1), lambda home, portions: replace(home, supplies=portions)),
}


def _pick(state: CardPage, index: int) -> Step:
    if state.page is Page.AREA:
        if not 0 <= index < len(state.areas):
            return Step(state)
        return _save(replace(state, draft=replace(state.draft, area=state.areas[index][0])))
    offered = _AT_ONCE.get(state.page) or _BY_AND_BY.get(state.page)
    if offered is None or not 0 <= index < len(offered[0]):
        return Step(state)
    values, change = offered
    picked = replace(state, draft=change(state.draft, values[index]))
    return _save(picked) if state.page in _AT_ONCE else Step(picked)


def _page_digit(state: CardPage, event: Digit) -> Step:
    if state.page is not Page.SUPPLIES:
        return _pick(state, event.value - 1)
    number = int(f"{state.text}{event.value}")
    if number > MOST_PORTIONS:
        return Step(state)
    text = str(number) if number else ""
    return Step(replace(state, text=text, draft=replace(state.draft, supplies=number)))


def _page_erase(state: CardPage, _event: Erase) -> Step:
    if state.page is not Page.SUPPLIES:
        return Step(state)
    text = str(state.draft.supplies or "")[:-1]
    return Step(replace(state, text=text, draft=replace(state.draft, supplies=int(text or "0"))))


def _by(state: CardPage, index: int, by: int) -> Step:
    if state.page is Page.PETS and 0 <= index < len(PETS):
        return Step(replace(state, draft=_more_pets(state.draft, PETS[index], by)))
    if state.page is Page.SUPPLIES:
        number = max(0, min(MOST_PORTIONS, state.draft.supplies + by))
        return Step(replace(state, text=str(number or ""), draft=replace(state.draft, supplies=number)))
    return Step(state)


def _fewer(state: CardPage, event: Fewer) -> Step:
    return _by(state, event.index, -1)


def _plus(state: CardPage, _event: Input) -> Step:
    return _by(state, -1, 1)


def _page_typed(state: CardPage, event: Typed) -> Step:
    typed = {
        Page.ADDRESS: lambda home, text: replace(home, address=text, no_address=False),
        Page.PHONE: lambda home, text: replace(home, phone=text),
        Page.NOTE: lambda home, text: replace(home, note=text),
        Page.AREA: lambda home, text: replace(home, area=text),
    }
    if state.page not in typed:
        return Step(state)
    draft = typed[state.page](state.draft, event.text.strip())
    return Step(replace(state, text=event.text, draft=draft))


def _untold(state: CardPage, _event: Input) -> Step:
    """申告なし."""
    if state.page is not Page.ADDRESS:
        return Step(state)
    return _save(replace(state, draft=replace(state.draft, address="", postcode="", no_address=True)))


def _areas(state: CardPage, event: ShelterRead) -> Step:
    known = tuple((area.name, event.areas.get(area.name, 0), area.capacity) for area in event.shelter.areas)
    return Step(replace(state, areas=known))


def _save(state: CardPage) -> Step:
    if state.draft == state.card.row.household:
        return enter(state.card)
    return write(Change.AMENDED, Amend(state.draft), state.card, replace(state))


def _page_enter(state: CardPage, _event: Input) -> Step:
    return _save(state)


# One person


def _amended(state: MemberCard, **known: object) -> Step:
    person: Person = replace(state.member, **known)  # type: ignore[arg-type]  # names are Person's own
    home = with_person(state.card.row.household, state.card.person, person)
    return write(Change.AMENDED, Amend(home), state, state)


def _sex(state: MemberCard, index: int) -> Step:
    return _amended(state, sex=SEXES[index]) if 0 <= index < len(SEXES) else Step(state)


def _relation(state: MemberCard, event: RelationSaid) -> Step:
    if not 0 <= event.index < len(RELATIONS):
        return Step(state)
    relation = RELATIONS[event.index]
    return _amended(state, relation=relation)


def _provisional(state: MemberCard, _event: Input) -> Step:
    return _amended(state, provisional=not state.member.provisional)


def _representative(state: MemberCard, _event: Input) -> Step:
    home = state.card.row.household
    return write(Change.AMENDED, Represent(home.id, state.member.id), state, state)


def _mistake(state: MemberCard, _event: Input) -> Step:
    """Entered by mistake: the person is struck out, which the log keeps."""
    home, gone = state.card.row.household, state.member
    others = tuple(person for person in home.members if person is not gone)
    card = replace(state.card, person=0)
    return write(Change.AMENDED, Amend(replace(home, members=others), (gone.id,)), card, state)


ROWS: Rows = {
    HouseholdCard: {
        **SIMILAR,
        Digit: as_index(_person),
        Chosen: at_index(_person),
        PersonChosen: at_index(_person),
        RowMoved: _person_moved,
        Held: _held,
        Uncovered: _uncovered,
        LetGo: _let_go,
        Failed: fails(Work.LOOK, _not_uncovered),
        Going: _going,
        FamilyOpened: open_family,
        NeedsOpened: open_needs,
        PageOpened: _page,
        SecrecyWanted: _secrecy,
        SlipWanted: open_slip,
        Enter: _member,
        Letter: by_letter(
            O=_going,
            F=open_family,
            T=open_needs,
            K=compare,
            X=_secrecy,
            G=open_slip,
            **{key: _page_key(page) for key, page in PAGE_KEYS.items()},
        ),
        Back: _card_back,
    },
    CardPage: {
        Digit: _page_digit,
        Chosen: at_index(_pick),
        Fewer: _fewer,
        Plus: _plus,
        Erase: _page_erase,
        Typed: _page_typed,
        NotKnown: _untold,
        ShelterRead: _areas,
        Enter: _page_enter,
        Back: _to_card,
    },
    MemberCard: {
        AskOpened: correct,
        Digit: as_index(_sex),
        SexSaid: at_index(_sex),
        RelationSaid: _relation,
        NeedsOpened: open_needs,
        TieWanted: open_tying,
        Letter: by_letter(P=_provisional, R=_representative, T=open_needs, C=open_tying, X=_mistake),
        Back: _to_card,
    },
    EndingSecrecy: {EndingSaid: _ending_said, Back: _to_card},
}
