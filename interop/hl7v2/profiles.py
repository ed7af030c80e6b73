"""How each sender writes HL7, agreed when its interface is opened; never guessed from a message."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


class ResultStatus(StrEnum):
    """What a result or report is worth (HL7 tables 0085 and 0123, folded together)."""

    IN_PROCESS = "in_process"  # 检验中: no value yet
    PRELIMINARY = "preliminary"  # 初步: may still change
    FINAL = "final"  # 已审核: released
    CORRECTED = "corrected"  # 修订: replaces an earlier final value
    WITHDRAWN = "withdrawn"  # 撤回: wrong, or deleted
    CANCELLED = "cancelled"  # 取消: will not be had
    ASKED = "asked"  # an answer to a question of the order, no result


class Flag(StrEnum):
    """How a value stands to its reference (HL7 table 0078, the part hospitals use)."""

    NORMAL = "N"
    LOW = "L"
    HIGH = "H"
    CRITICAL_LOW = "LL"  # 危急值
    CRITICAL_HIGH = "HH"  # 危急值
    BELOW_SCALE = "<"
    ABOVE_SCALE = ">"
    ABNORMAL = "A"
    CRITICAL = "AA"  # 危急值, not numeric
    POSITIVE = "POS"  # 阳性
    WEAKLY_POSITIVE = "WR"  # 弱阳性
    NEGATIVE = "NEG"  # 阴性
    BETWEEN = "IND"  # 中介, 不确定
    RISEN = "U"
    FALLEN = "D"
    BETTER = "B"
    WORSE = "W"
    SUSCEPTIBLE = "S"
    INTERMEDIATE = "I"
    RESISTANT = "R"


class Sex(StrEnum):
    """Sex as registered."""

    MALE = "M"
    FEMALE = "F"
    UNSTATED = ""


class IdKind(StrEnum):
    """What sort of number a patient identifier is."""

    PATIENT_NUMBER = "patient_number"  # 患者号, 病历号
    RESIDENT_ID = "resident_id"  # 居民身份证
    PASSPORT = "passport"  # 护照
    MILITARY = "military"  # 军官证
    FOREIGN_PERMANENT = "foreign_permanent"  # 外国人永久居留身份证
    HOME_RETURN_PERMIT = "home_return_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    RESIDENCE_PERMIT = "residence_permit"  # 港澳台居民居住证
    VISIT_NUMBER = "visit_number"  # 就诊号, 住院号
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a segment a value stands, counted from 1 as in the standard."""

    segment: str
    field: int
    component: int = 1
    sub: int = 1


HL7_STATUSES: Mapping[str, ResultStatus] = MappingProxyType(
    {
        "O": ResultStatus.ASKED,
        "I": ResultStatus.IN_PROCESS,
        "S": ResultStatus.IN_PROCESS,
        "A": ResultStatus.PRELIMINARY,
        "B": ResultStatus.PRELIMINARY,
        "P": ResultStatus.PRELIMINARY,
        "R": ResultStatus.PRELIMINARY,
        "V": ResultStatus.FINAL,
        "F": ResultStatus.FINAL,
        "U": ResultStatus.FINAL,
        "C": ResultStatus.CORRECTED,
        "D": ResultStatus.WITHDRAWN,
        "W": ResultStatus.WITHDRAWN,
        "X": ResultStatus.CANCELLED,
        "N": ResultStatus.CANCELLED,
    }
)

HL7_FLAGS: Mapping[str, Flag] = MappingProxyType({flag.value: flag for flag in Flag})

# Table 0203 has no code for the mainland's permits: a sender's profile names its own.
HL7_ID_KINDS: Mapping[str, IdKind] = MappingProxyType(
    {
        "MR": IdKind.PATIENT_NUMBER,
        "PI": IdKind.PATIENT_NUMBER,
        "PT": IdKind.PATIENT_NUMBER,
        "NNCHN": IdKind.RESIDENT_ID,
        "PPN": IdKind.PASSPORT,
        "MI": IdKind.MILITARY,
        "PRC": IdKind.FOREIGN_PERMANENT,
        "VN": IdKind.VISIT_NUMBER,
        "AN": IdKind.VISIT_NUMBER,
    }
)


@dataclass(frozen=True, slots=True)
class SenderProfile:
    """One dialect of HL7 v2. The defaults are the text of the standard."""

    name: str
    encoding: str = "utf-8"  # where MSH-18 is empty
    heeds_msh18: bool = True  # False: the sender declares a charset it does not use
    trims_header: bool = False  # MSH fields come padded with blanks
    joins_broken_lines: bool = False  # a line that is no segment continues the one before
    zone: ZoneInfo = CHINA  # of times without an offset
    statuses: Mapping[str, ResultStatus] = field(default_factory=lambda: HL7_STATUSES)
    flags: Mapping[str, Flag] = field(default_factory=lambda: HL7_FLAGS)
    sexes: Mapping[str, Sex] = field(
        default_factory=lambda: {
            "M": Sex.MALE,
            "F": Sex.FEMALE,
            **dict.fromkeys("OUAN", Sex.UNSTATED),
        }
    )
    id_kinds: Mapping[str, IdKind] = field(default_factory=lambda: HL7_ID_KINDS)
    id_kind_when_empty: IdKind = IdKind.OTHER  # of an identifier that names no type
    unit: Place = Place("OBX", 6)
    number_types: frozenset[str] = frozenset({"NM"})  # OBX-2 types whose value may be a number
    first_set_id: int = 1  # what OBX-1 of a report begins with
    specimen_barcode: Place = Place("SPM", 2)
    observations_after_specimen_are_results: bool = False  # HL7: they describe the specimen


HL7_TEXT = SenderProfile(name="hl7")

# As seen in feeds of laboratory systems of Chinese hospitals. Each sender's own interface sheet
# decides; a sender that differs gets a profile of its own, made by `dataclasses.replace`.
CHINESE_LIS = replace(
    HL7_TEXT,
    name="chinese_lis",
    trims_header=True,
    unit=Place("OBX", 6, component=2),
    statuses={
        **HL7_STATUSES,
        "0": ResultStatus.IN_PROCESS,
        "1": ResultStatus.PRELIMINARY,
        "2": ResultStatus.FINAL,
        "3": ResultStatus.CORRECTED,
    },
    flags={
        "M": Flag.NORMAL,
        "H": Flag.HIGH,
        "L": Flag.LOW,
        "HH": Flag.CRITICAL_HIGH,
        "LL": Flag.CRITICAL_LOW,
        "P": Flag.POSITIVE,
        "Q": Flag.WEAKLY_POSITIVE,
        "N": Flag.NEGATIVE,
        "I": Flag.BETWEEN,
    },
    sexes={"1": Sex.MALE, "2": Sex.FEMALE, "0": Sex.UNSTATED, "9": Sex.UNSTATED},
    id_kinds={**HL7_ID_KINDS, "21": IdKind.PATIENT_NUMBER, "1": IdKind.RESIDENT_ID},
    number_types=frozenset({"NM", "ST"}),
    first_set_id=0,
    specimen_barcode=Place("SPM", 2, component=1, sub=3),
    observations_after_specimen_are_results=True,
)

CHINESE_LIS_GB = replace(CHINESE_LIS, name="chinese_lis_gb", encoding="gb18030")  # no MSH-18

PROFILES: Mapping[str, SenderProfile] = MappingProxyType(
    {profile.name: profile for profile in (HL7_TEXT, CHINESE_LIS, CHINESE_LIS_GB)}
)
