"""What the desk's thread is sent for by those who look after the laptop: each order, and what answers it.

Runs on the desk's thread only; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from kiosk import flow
from kiosk.flow import Input
from kiosk.flow.choices import DESKS
from ui.keeper import Founder, Keeper, Second


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


def _outlets(keeper: Keeper, _order: flow.FindOutlets) -> Input:
    return flow.OutletsFound(tuple(keeper.outlets()))


def _take_out(keeper: Keeper, order: flow.TakeOutPaper) -> Input:
    second = Second(order.who, order.secret) if order.paper.wants_second else None
    return keeper.take_out(order.paper, order.outlet, order.reason, second)


def _code(keeper: Keeper, _order: flow.DrawCode) -> Input:
    return flow.CodeDrawn(keeper.shelter_code())


def _slip(keeper: Keeper, order: flow.DrawSlip) -> Input:
    return flow.SlipDrawn(keeper.slip(order.household), tuple(keeper.outlets()))


def _put_slip(keeper: Keeper, order: flow.PutSlip) -> Input:
    return flow.PutOut(keeper.put_slip(order.household, order.outlet))


def _closing(keeper: Keeper, _order: flow.ReadClosing) -> Input:
    files = [outlet for outlet in keeper.outlets() if outlet.kind is not flow.OutletKind.PRINTER]
    return flow.ClosingRead(keeper.closing(), tuple(files))


def _erase(keeper: Keeper, order: flow.EraseShelter) -> Input:
    return keeper.erase(order.outlet, Second(order.who, order.secret), order.reason)


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
    flow.FindOutlets: _outlets,
    flow.TakeOutPaper: _take_out,
    flow.DrawCode: _code,
    flow.DrawSlip: _slip,
    flow.PutSlip: _put_slip,
    flow.ReadClosing: _closing,
    flow.EraseShelter: _erase,
}
"""What is done for an open store."""
