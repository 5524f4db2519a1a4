"""What the desk's thread is sent for by those who look after the laptop: each order, and what answers it.

Runs on the desk's thread only; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kiosk import flow
from kiosk.flow import Input
from kiosk.flow.choices import DESKS
from ui.keeper import Founder, Keeper


def _sheet(founder: Founder, order: flow.ReadSheet) -> Input:
    return flow.SheetSeen(founder.read_sheet(order.told))


def _pictures(founder: Founder, _order: flow.FindPictures) -> Input:
    return flow.PicturesFound(tuple(founder.pictures()))


def _found(founder: Founder, order: flow.Found) -> Input:
    founder.found(order.sheet, order.name, order.secret, DESKS[order.desk])
    return flow.ShelterFounded()


FOUNDING: Mapping[type, Callable[[Founder, Any], Input]] = {
    flow.ReadSheet: _sheet,
    flow.FindPictures: _pictures,
    flow.Found: _found,
}
"""What is done before there is a shelter."""


def _accounts(keeper: Keeper, _order: flow.ReadAccounts) -> Input:
    return flow.AccountsRead(tuple(keeper.accounts()))


def _add(keeper: Keeper, order: flow.AddAccount) -> Input:
    keeper.add_account(order.name, order.role, order.secret)
    return _accounts(keeper, flow.ReadAccounts())


def _remove(keeper: Keeper, order: flow.RemoveAccount) -> Input:
    keeper.remove_account(order.name)
    return _accounts(keeper, flow.ReadAccounts())


def _reset(keeper: Keeper, order: flow.ResetAccount) -> Input:
    keeper.reset_account(order.name, order.role, order.secret)
    return _accounts(keeper, flow.ReadAccounts())


def _free(keeper: Keeper, order: flow.FreeAccount) -> Input:
    keeper.free_account(order.name)
    return _accounts(keeper, flow.ReadAccounts())


def _change(keeper: Keeper, order: flow.ChangeSecret) -> Input:
    keeper.change_secret(order.old, order.new)
    return flow.SecretChanged()


def _settings(keeper: Keeper, _order: flow.ReadSettings) -> Input:
    return flow.SettingsRead(keeper.equipment())


def _keep(keeper: Keeper, order: flow.KeepSettings) -> Input:
    keeper.keep_settings(order.settings)
    return flow.SettingsRead(keeper.equipment())


def _choose(keeper: Keeper, order: flow.ChooseCamera) -> Input:
    keeper.choose_camera(order.camera)
    return flow.SettingsRead(keeper.equipment())


KEEPING: Mapping[type, Callable[[Keeper, Any], Input]] = {
    flow.ReadAccounts: _accounts,
    flow.AddAccount: _add,
    flow.RemoveAccount: _remove,
    flow.ResetAccount: _reset,
    flow.FreeAccount: _free,
    flow.ChangeSecret: _change,
    flow.ReadSettings: _settings,
    flow.KeepSettings: _keep,
    flow.ChooseCamera: _choose,
}
"""What is done for an open store."""
