"""What patients can refuse. No refusal says what the hospital knows about a document."""

from common.errors import DomainError, Kind


class PatientUnknown(DomainError):
    """There is no such patient for this account."""

    code = "patients.unknown"
    kind = Kind.MISSING


class ReasonNeeded(DomainError):
    """About this patient every reader says why first: a colleague, or a marked person."""

    code = "patients.reason_needed"
    kind = Kind.REFUSED


class ReadQuota(DomainError):
    """The staff member was shown as many people today as they may be without being allowed more."""

    code = "patients.read_quota"
    kind = Kind.REFUSED


class NameInvalid(DomainError):
    """The name holds what no name holds, or is empty or longer than 50 characters."""

    code = "patients.name_invalid"
    kind = Kind.INVALID


class PhoneInvalid(DomainError):
    """The phone is no mainland mobile number of 11 digits."""

    code = "patients.phone_invalid"
    kind = Kind.INVALID


class DocumentLengthWrong(DomainError):
    """The number is shorter or longer than numbers of this kind of document."""

    code = "patients.document_length"
    kind = Kind.INVALID


class DocumentOutdated(DomainError):
    """Numbers of 15 digits belong to cards that are no longer valid."""

    code = "patients.document_outdated"
    kind = Kind.INVALID


class DocumentMalformed(DomainError):
    """The number is not written as numbers of this kind of document are."""

    code = "patients.document_malformed"
    kind = Kind.INVALID


class DocumentCheckWrong(DomainError):
    """The last character does not fit the others: a digit is wrong or two are swapped."""

    code = "patients.document_check"
    kind = Kind.INVALID


class DocumentOfAnotherKind(DomainError):
    """This is the number of another kind of document than was said."""

    code = "patients.document_kind"
    kind = Kind.INVALID


class DocumentBirthUnreal(DomainError):
    """The birth date in the number does not exist."""

    code = "patients.document_birth_unreal"
    kind = Kind.INVALID


class DocumentBirthInFuture(DomainError):
    """The birth date has not come yet."""

    code = "patients.document_birth_in_future"
    kind = Kind.INVALID


class DocumentTooOld(DomainError):
    """Whoever holds this number would be older than 130."""

    code = "patients.document_too_old"
    kind = Kind.INVALID


class BirthNeeded(DomainError):
    """The number of this kind of document holds no birth date: it has to be stated."""

    code = "patients.birth_needed"
    kind = Kind.INVALID


class BirthDiffers(DomainError):
    """The birth date that was stated is not the one in the number."""

    code = "patients.birth_differs"
    kind = Kind.INVALID


class SexNeeded(DomainError):
    """The number of this kind of document does not tell the sex: it has to be stated."""

    code = "patients.sex_needed"
    kind = Kind.INVALID


class NationalityNeeded(DomainError):
    """A passport is found by its country and number: the nationality has to be stated."""

    code = "patients.nationality_needed"
    kind = Kind.INVALID


class NationalityUnknown(DomainError):
    """The nationality is no three-letter code of ISO 3166-1."""

    code = "patients.nationality_unknown"
    kind = Kind.INVALID


class HeldByAnother(DomainError):
    """Somebody else registered this person as themselves: come to the counter."""

    code = "patients.held_by_another"
    kind = Kind.CONFLICT


class DetailsDiffer(DomainError):
    """These details do not show that it is the person we know: come to the counter."""

    code = "patients.details_differ"
    kind = Kind.CONFLICT


class AlreadyYours(DomainError):
    """The account has this person already, in another relation."""

    code = "patients.already_yours"
    kind = Kind.CONFLICT


class SelfTaken(DomainError):
    """The account is somebody else in this hospital already."""

    code = "patients.self_taken"
    kind = Kind.CONFLICT


class TooManyPeople(DomainError):
    """The account looks after as many people as one account may."""

    code = "patients.too_many_people"
    kind = Kind.CONFLICT


class IdentifierTaken(DomainError):
    """The other system's number belongs to somebody else here already."""

    code = "patients.identifier_taken"
    kind = Kind.CONFLICT


class SamePatient(DomainError):
    """A patient is not compared with themselves."""

    code = "patients.same_patient"
    kind = Kind.INVALID


class ReviewUnknown(DomainError):
    """There is no such merge review in this hospital."""

    code = "patients.review_unknown"
    kind = Kind.MISSING


class LeadingUnknown(DomainError):
    """The leading patient is one of the two that are joined."""

    code = "patients.leading_unknown"
    kind = Kind.INVALID


class BecauseMissing(DomainError):
    """Who decides about a person says why."""

    code = "patients.because_missing"
    kind = Kind.INVALID


class GuardianNeeded(DomainError):
    """Somebody under 14 is registered by their guardian alone (PIPL 31)."""

    code = "patients.guardian_needed"
    kind = Kind.CONFLICT


class GuardianUnregistered(DomainError):
    """Who registers a child has to be registered here first, as themselves, and of age."""

    code = "patients.guardian_unregistered"
    kind = Kind.CONFLICT


class GuardianOfAdult(DomainError):
    """Somebody of age has no guardian here: choose family, or come to the counter."""

    code = "patients.guardian_of_adult"
    kind = Kind.CONFLICT


class DocumentUnknown(DomainError):
    """There is no such document in this hospital."""

    code = "patients.document_unknown"
    kind = Kind.MISSING


class DocumentVoid(DomainError):
    """The document is void; a void one is never good again."""

    code = "patients.document_void"
    kind = Kind.CONFLICT


class DocumentTaken(DomainError):
    """The document finds somebody who is no patient of this hospital."""

    code = "patients.document_taken"
    kind = Kind.CONFLICT


class PatientDeceased(DomainError):
    """The person is marked deceased: nothing is booked for them."""

    code = "patients.deceased"
    kind = Kind.CONFLICT


class AlreadyDeceased(DomainError):
    """The person is marked deceased already, on another date."""

    code = "patients.already_deceased"
    kind = Kind.CONFLICT


class DeathDateWrong(DomainError):
    """Somebody dies on a day between their birth and today."""

    code = "patients.death_date_wrong"
    kind = Kind.INVALID


class DeathUnknown(DomainError):
    """The person is not marked deceased."""

    code = "patients.death_unknown"
    kind = Kind.MISSING


class ConfirmationNeeded(DomainError):
    """The hospital knows this person: they confirm first who may act for them; ask for it."""

    code = "patients.confirmation_needed"
    kind = Kind.CONFLICT


class ScopesUnclear(DomainError):
    """What is asked for is nothing, not one of the scopes, or more than was asked before."""

    code = "patients.scopes_unclear"
    kind = Kind.INVALID


class UntilUnclear(DomainError):
    """The last day is over already, or further away than a grant may last."""

    code = "patients.until_unclear"
    kind = Kind.INVALID


class GrantUnknown(DomainError):
    """There is no such grant for this account."""

    code = "patients.grant_unknown"
    kind = Kind.MISSING


class OwnGrantKept(DomainError):
    """Who is the patient does not give that up; the account can be closed."""

    code = "patients.own_grant_kept"
    kind = Kind.CONFLICT


class GrantRequestUnknown(DomainError):
    """There is no such request for this account or hospital."""

    code = "patients.grant_request_unknown"
    kind = Kind.MISSING


class GrantRequestOver(DomainError):
    """The request was answered, or is too old."""

    code = "patients.grant_request_over"
    kind = Kind.CONFLICT


class PhoneUnproven(DomainError):
    """The phone on file was given by who asks: the person confirms at the desk or on their own."""

    code = "patients.phone_unproven"
    kind = Kind.CONFLICT


class DocumentNotSeen(DomainError):
    """The number typed at the desk is not the one of the person's document."""

    code = "patients.document_not_seen"
    kind = Kind.CONFLICT


class ConsentNeeded(DomainError):
    """This is shown after the account agreed to the hospital's newest words for the purpose."""

    code = "patients.consent_needed"
    kind = Kind.REFUSED


class ConsentUnknown(DomainError):
    """There are no such words, or newer ones; or nothing was agreed to."""

    code = "patients.consent_unknown"
    kind = Kind.MISSING


class AccountInUse(DomainError):
    """Something is still to happen through the account; `reasons` says what."""

    code = "patients.account_in_use"
    kind = Kind.CONFLICT


class ClosingUnknown(DomainError):
    """Nobody asked to close this account, or it is too late to take it back."""

    code = "patients.closing_unknown"
    kind = Kind.MISSING


class ClosingUnconfirmed(DomainError):
    """The word that confirms it was not typed."""

    code = "patients.closing_unconfirmed"
    kind = Kind.INVALID


class JoinUnverified(DomainError):
    """One of the two has no verified document: see the originals at the counter first."""

    code = "patients.join_unverified"
    kind = Kind.CONFLICT
