"""What the lists call things: the words of forms and of the municipalities' own column names.

Sexes, needs and standings are mapped here explicitly, because the codes of others mean other things: 3 is
その他 to one program and 不明 to another.
"""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.core.household import Consent, Need, PetKind, Relation, Sex, Stay
from kiosk.core.roll import Whereabouts

SEXES: Mapping[Sex, str] = {
    Sex.MALE: "男",
    Sex.FEMALE: "女",
    Sex.UNKNOWN: "不明",
    Sex.NOT_APPLICABLE: "答えない",
}
LGDPM_SEXES: Mapping[Sex, int] = {Sex.MALE: 1, Sex.FEMALE: 2, Sex.UNKNOWN: 3, Sex.NOT_APPLICABLE: 3}
"""1 男, 2 女, 3 不明（未記入）, as in LGDPM's master."""

RELATIONS: Mapping[Relation, str] = {
    Relation.UNKNOWN: "",
    Relation.HEAD: "代表者",
    Relation.SPOUSE: "配偶者",
    Relation.CHILD: "子",
    Relation.PARENT: "父母",
    Relation.GRANDCHILD: "孫",
    Relation.GRANDPARENT: "祖父母",
    Relation.SIBLING: "兄弟姉妹",
    Relation.OTHER_RELATIVE: "ほかの親族",
    Relation.COHABITANT: "同居人",
}

STAYS: Mapping[Stay, str] = {
    Stay.SHELTER: "避難所",
    Stay.CAR: "車中泊",
    Stay.TENT: "テント",
    Stay.HOME: "在宅",
}

PLACES: Mapping[Whereabouts, str] = {
    Whereabouts.HERE: "在所",
    Whereabouts.AWAY: "外出中",
    Whereabouts.LEFT: "退所",
    Whereabouts.MOVED: "転出",
    Whereabouts.VOID: "取り消し",
    Whereabouts.MERGED: "統合",
}

CONSENTS: Mapping[Consent, str] = {
    Consent.NOBODY: "答えない",
    Consent.RELATIVES: "家族・親族だけ",
    Consent.ANYONE: "だれにでも",
}

PETS: Mapping[PetKind, str] = {
    PetKind.DOG: "犬",
    PetKind.CAT: "猫",
    PetKind.BIRD: "鳥",
    PetKind.OTHER: "その他",
}

NEEDS: Mapping[Need, str] = {
    Need.WHEELCHAIR: "車いす",
    Need.INJURY: "けが",
    Need.ALLERGY: "アレルギー",
    Need.PREGNANT: "妊婦",
    Need.INFANT: "乳児",
    Need.TODDLER: "幼児",
    Need.CARE_LEVEL: "要介護",
    Need.BEDRIDDEN: "寝たきり",
    Need.DEMENTIA: "認知症",
    Need.INTELLECTUAL_DISABILITY: "療育手帳",
    Need.PHYSICAL_DISABILITY: "身体障害者手帳",
    Need.MENTAL_DISABILITY: "精神障害者手帳",
    Need.MEDICAL_CARE: "医療的ケア",
    Need.MEDICAL_POWER: "医療機器の電源",
    Need.MEDICATION: "服薬",
    Need.LANGUAGE: "ことば",
    Need.ASSISTANCE_DOG: "補助犬",
    Need.HEARING: "耳",
    Need.SIGHT: "目",
    Need.FORMULA_MILK: "粉ミルク",
    Need.ELDERLY_ALONE: "独居高齢者",
    Need.ELDERLY_HOUSEHOLD: "高齢者世帯",
    Need.FEVER: "発熱",
}

LGDPM_NEEDS: Mapping[str, Need] = {
    "injury_flag": Need.INJURY,
    "allergy_flag": Need.ALLERGY,
    "pregnancy": Need.PREGNANT,
    "baby": Need.INFANT,
    "elderly_alone": Need.ELDERLY_ALONE,
    "elderly_couple": Need.ELDERLY_HOUSEHOLD,
    "bedridden_elderly": Need.BEDRIDDEN,
    "elderly_dementia": Need.DEMENTIA,
    "rehabilitation_certificate": Need.INTELLECTUAL_DISABILITY,
}
"""LGDPM's columns that mean the same here. `upper_care_level_three` and `physical_disability_certificate` ask
for a degree that nobody at the desk is told, so they are not claimed."""

LANGUAGES: Mapping[str, str] = {
    "ja": "日本語",
    "en": "英語",
    "zh": "中国語",
    "ko": "韓国・朝鮮語",
    "vi": "ベトナム語",
    "tl": "フィリピノ語",
    "ne": "ネパール語",
    "pt": "ポルトガル語",
    "es": "スペイン語",
    "id": "インドネシア語",
    "my": "ミャンマー語",
    "th": "タイ語",
    "km": "クメール語",
    "mn": "モンゴル語",
    "ru": "ロシア語",
    "uk": "ウクライナ語",
    "fr": "フランス語",
    "hi": "ヒンディー語",
    "bn": "ベンガル語",
    "si": "シンハラ語",
    "ur": "ウルドゥー語",
}


def language(tag: str) -> str:
    """A language's name by its BCP 47 tag; the tag itself where we have no name."""
    return LANGUAGES.get(tag.partition("-")[0].lower(), tag)
