"""Plain words for usual purposes of using personal data (W3C Data Privacy Vocabulary 2)."""

from shared.telling.message import Message, marked

_MAIL_FROM_US = marked("To tell you what is on offer")
_RESEARCH = marked("For research")
_SERVICE = marked("To provide services that you use")
_UNDERSTAND = marked("To see how services are used, and to plan them")

PURPOSES_OF_USE: dict[str, Message] = {
    "dpv:AcademicResearch": _RESEARCH,
    "dpv:AccountManagement": marked("To give you an account and look after it"),
    "dpv:Advertising": marked("For advertising"),
    "dpv:CommunicationForCustomerCare": marked("To answer your questions"),
    "dpv:CommunicationManagement": marked("So that others can reach you, and messages arrive"),
    "dpv:CustomerCare": marked("To help you when something does not work"),
    "dpv:DeliveryOfGoods": marked("To send you what you ordered"),
    "dpv:DirectMarketing": _MAIL_FROM_US,
    "dpv:DisputeManagement": marked("To settle disputes"),
    "dpv:EnforceAccessControl": marked("To let only those in who may"),
    "dpv:EnforceSecurity": marked("To keep accounts and systems secure"),
    "dpv:EstablishContractualAgreement": marked("To make a contract with you"),
    "dpv:FraudPreventionAndDetection": marked("To prevent fraud and to find it"),
    "dpv:FulfilmentOfContractualObligation": marked("To do what was agreed with you"),
    "dpv:FulfilmentOfObligation": marked("To do what the organization has to"),
    "dpv:HumanResourceManagement": marked("To manage staff"),
    "dpv:IdentityAuthentication": marked("To make sure that it is you who signs in"),
    "dpv:IdentityVerification": marked("To verify who you are"),
    "dpv:ImproveExistingProductsAndServices": marked("To make services better"),
    "dpv:LegalCompliance": marked("To do what the law requires"),
    "dpv:Marketing": _MAIL_FROM_US,
    "dpv:MisusePreventionAndDetection": marked("To prevent misuse and to find it"),
    "dpv:OrganisationGovernance": marked("To run the organization"),
    "dpv:PaymentManagement": marked("To handle payments"),
    "dpv:Personalisation": marked("To adapt services to you"),
    "dpv:PersonnelHiring": marked("To hire people"),
    "dpv:PersonnelManagement": marked("To manage staff and their work"),
    "dpv:PersonnelPayment": marked("To pay salaries"),
    "dpv:PublicBenefit": marked("For the good of everyone"),
    "dpv:RecordManagement": marked("To keep records"),
    "dpv:RequestedServiceProvision": marked("To do what you asked for"),
    "dpv:ResearchAndDevelopment": marked("For research and development"),
    "dpv:ScientificResearch": _RESEARCH,
    "dpv:ServiceProvision": _SERVICE,
    "dpv:ServiceUsageAnalytics": _UNDERSTAND,
    "dpv:TechnicalServiceProvision": marked("To run the technology behind services"),
    "dpv:UserInterfacePersonalisation": marked("To show services the way you want them"),
    "dpv:Verification": marked("To check that what was told is right"),
}
