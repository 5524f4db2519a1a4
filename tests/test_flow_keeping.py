"""What a supervisor looks after: every change is asked for once, done on the desk's thread, and said."""

import pytest

from keeping import ACCOUNTS, form
from kiosk import flow
from kiosk.core.access import Role
from kiosk.flow import step
from kiosk.flow.choices import ROLES
from kiosk.settings import Settings, Theme
from walking import effect, through

GOOD = "correct horse"
BOARD = flow.Accounts(ACCOUNTS, 1)


@pytest.mark.parametrize("place", range(len(flow.Chore)))
def test_every_chore_is_one_digit_away_and_esc_leads_back(place):
    """The supervisor's menu opens each screen by its digit, and each leads back to it."""
    opened = step(flow.Keeping(), flow.Digit(place + 1)).state
    assert type(opened) is not flow.Keeping
    assert type(step(opened, flow.Back()).state) is flow.Keeping
    assert type(step(flow.Keeping(), flow.Back()).state) is flow.Staff


def test_somebody_new_is_added_with_a_role():
    """+, a role, name and passphrase: one order, and the list as it is afterwards."""
    volunteer = ROLES.index(Role.VOLUNTEER)
    sent = form("手伝い", secrets=("482915", "482915"))
    taken = through(BOARD, flow.Plus(), flow.RoleSaid(volunteer), sent)
    order = effect(taken, flow.AddAccount)
    assert (order.name, order.role, order.secret.reveal()) == ("手伝い", Role.VOLUNTEER, "482915")
    listed = step(taken.state, flow.AccountsRead(ACCOUNTS)).state
    assert (type(listed), listed.said, listed.rows) == (flow.Accounts, "added", ACCOUNTS)


def test_what_the_store_refuses_is_said_in_the_form():
    """A weak PIN leads back to the form, with the name and the store's own sentence."""
    sent = through(BOARD, flow.Plus(), form("手伝い", secrets=("111111", "111111"))).state
    back = step(sent, flow.Failed(flow.Work.KEEP, "weak_pin", "あてられます。")).state
    assert (back.name, back.sentence) == ("手伝い", "あてられます。")


def test_a_forgotten_secret_is_given_anew_with_a_role():
    """Enter on somebody, another role, a new secret twice."""
    supervisor = flow.RoleSaid(ROLES.index(Role.SUPERVISOR))
    taken = through(BOARD, flow.Enter(), supervisor, form("", secrets=(GOOD, GOOD)))
    order = effect(taken, flow.ResetAccount)
    assert (order.name, order.role) == ("佐藤", Role.SUPERVISOR)


def test_removing_asks_first_and_never_oneself():
    """D asks; Enter removes; on the own row it says why not."""
    asked = step(BOARD, flow.AccountRemoved()).state
    assert type(asked) is flow.Removing
    assert effect(step(asked, flow.Enter()), flow.RemoveAccount).name == "佐藤"
    assert type(step(asked, flow.Back()).state) is flow.Accounts
    own = step(flow.Accounts(ACCOUNTS, 0), flow.AccountRemoved())
    assert (type(own.state), own.state.code) == (flow.Accounts, "own_account")


def test_a_key_that_could_not_be_changed_locks_the_desk():
    """The store is closed then: what was begun is finished when somebody unlocks it."""
    asked = through(BOARD, flow.AccountRemoved(), flow.Enter()).state
    taken = step(asked, flow.Failed(flow.Work.KEEP, "key_not_changed", "もう一度 開いて ください。"))
    assert type(taken.state) is flow.Locked
    effect(taken, flow.Lock)


def test_the_own_secret_wants_the_old_one():
    """Old, new, new again; different ones change nothing; no secret is in any repr."""
    own = flow.OwnSecret(flow.Keeping())
    assert step(own, form(secrets=("old", "", ""))).state.missing == 1
    differ = step(own, form(secrets=("old", GOOD, "x")))
    assert differ.state.code == "secrets_differ"
    taken = step(own, form(secrets=("old", GOOD, GOOD)))
    order = effect(taken, flow.ChangeSecret)
    assert (order.old.reveal(), order.new.reveal()) == ("old", GOOD)
    assert GOOD not in repr(taken)
    assert step(taken.state, flow.SecretChanged()).state.done


def test_a_setting_holds_from_the_moment_it_is_pressed():
    """One press, one order with all settings; a value or a name that is none changes nothing."""
    page = flow.SettingsPage(flow.Equipment(Settings(), cameras=(flow.Attached("usb-1", "前の カメラ"),)))
    night = step(page, flow.SettingSaid("theme", list(Theme).index(Theme.NIGHT)))
    assert effect(night, flow.KeepSettings).settings == Settings(theme=Theme.NIGHT)
    camera = step(page, flow.SettingSaid("camera", 0))
    assert effect(camera, flow.ChooseCamera).camera.id == "usb-1"
    for name, index in (("camera", 1), ("reader", 1), ("theme", 9), ("nothing", 0), ("lock_minutes", 10)):
        taken = step(page, flow.SettingSaid(name, index))
        assert not any(isinstance(each, (flow.KeepSettings, flow.ChooseCamera)) for each in taken.effects)
