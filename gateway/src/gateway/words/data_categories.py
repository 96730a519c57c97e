"""Plain words for usual categories of personal data (W3C Data Privacy Vocabulary 2, `dpv` and its extension `pd`)."""

from shared.telling.message import Message, marked

_ADDRESS = marked("Postal address")
_HEALTH = marked("Health")
_JOB = marked("Job")
_MAIL = marked("E-mail address")
_PICTURE = marked("Picture of you")
_PLACE = marked("Where you are")
_SCHOOL = marked("Education")
_SIGN_IN = marked("What you sign in with")
_TELEPHONE = marked("Telephone number")
_USE = marked("How you use services")

CATEGORIES: dict[str, Message] = {
    "dpv:IdentifyingPersonalData": marked("What tells who you are"),
    "dpv:PersonalData": marked("Data about you"),
    "dpv:SensitivePersonalData": marked("Sensitive data"),
    "dpv:SpecialCategoryPersonalData": marked("Especially sensitive data"),
    "pd:Age": marked("Age"),
    "pd:Authenticating": _SIGN_IN,
    "pd:AuthenticationHistory": marked("Your sign-ins"),
    "pd:BankAccount": marked("Bank account"),
    "pd:Behavioral": marked("What you do"),
    "pd:Biometric": marked("Features of your body, such as fingerprints"),
    "pd:BirthDate": marked("Date of birth"),
    "pd:BrowsingBehavior": marked("Pages that you visit"),
    "pd:Communication": marked("Messages from you and to you"),
    "pd:CommunicationsMetadata": marked("With whom you communicate, and when"),
    "pd:Contact": marked("How you can be reached"),
    "pd:CurrentEmployment": marked("Employment"),
    "pd:DeviceBased": marked("Your devices"),
    "pd:DeviceOperatingSystem": marked("Operating systems of your devices"),
    "pd:DeviceSoftware": marked("Programs on your devices"),
    "pd:Disability": marked("Disability"),
    "pd:Education": _SCHOOL,
    "pd:EducationQualification": marked("Degrees and certificates"),
    "pd:EmailAddress": _MAIL,
    "pd:EmailAddressPersonal": marked("Private e-mail address"),
    "pd:EmailAddressWork": marked("E-mail address at work"),
    "pd:EmploymentHistory": marked("Earlier employments"),
    "pd:FamilyName": marked("Family name"),
    "pd:Financial": marked("Your finances"),
    "pd:Fingerprint": marked("Fingerprint"),
    "pd:Gender": marked("Gender"),
    "pd:GivenName": marked("Given name"),
    "pd:Health": _HEALTH,
    "pd:IPAddress": marked("IP address"),
    "pd:Identifying": marked("What identifies you"),
    "pd:Interest": marked("Interests"),
    "pd:Job": _JOB,
    "pd:Language": marked("Language"),
    "pd:Location": _PLACE,
    "pd:MedicalHealth": _HEALTH,
    "pd:Name": marked("Name"),
    "pd:Nationality": marked("Nationality"),
    "pd:OfficialID": marked("Official identity number"),
    "pd:Password": marked("Password"),
    "pd:PerformanceAtWork": marked("How you do at work"),
    "pd:PhysicalAddress": _ADDRESS,
    "pd:Picture": _PICTURE,
    "pd:Preference": marked("Your settings and preferences"),
    "pd:Professional": marked("Your work"),
    "pd:Salary": marked("Salary"),
    "pd:School": _SCHOOL,
    "pd:ServiceConsumptionBehavior": _USE,
    "pd:TelephoneNumber": _TELEPHONE,
    "pd:Transactional": marked("Purchases and payments"),
    "pd:UID": marked("The id of your account"),
    "pd:UserAgent": marked("Browser and its version"),
    "pd:Username": marked("User name"),
    "pd:WorkHistory": marked("Work history"),
}
