"""Words that say whether a name is near, for more than one of the questions asked of a word."""

from __future__ import annotations

import re

MOST_BEFORE = 5  # initials and particles before one word of a name


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Words after a title that are no name: with them a name ends, or there was none.
NO_NAMES = word_set(
    """
    a about after again ago all also although always am an and any app appointment appointments
    appt are area around as ask asked asking at attitude away back be because been
    before being both but by call called calls came can cant care cared carers caring
    checked clinic come comes consultant consultation could couldnt course dentist
    department desk diagnosed did didnt do doctor doctors does doesnt doing done dont dr drs
    during each even ever every everyone everything examined excellent explained fantastic
    felt first for found friday friendly from gave get gets give given gives go goes
    going gone good got gp gps great had has hasnt have having hca hcas he helped helpful her
    here him hers
    his hospital how however i if im ive in into is isnt it its just kept kind knew know knows
    last later led
    left let like line listened listens looked lovely made make makes man manager manner matron
    me midwife
    midwives might miss monday more most mr mrs ms mx must my myself need needed needs never nhs
    nice no not notes nothing
    now nurse nurses of off on once one only or our out over own paramedic paramedics patient
    patients pharmacist phoned phones physio please polite practice practitioner prescribed prof
    professor
    put rang really receptionist receptionists referral referred refused registrar room rude said
    same sat saturday saw says see seen sees sent service services she shift should
    shouldnt since sister so some specialist spoke staff station still student students such sunday
    surgeon surgeries surgery take takes talked team tells than thank thanks that thats the their
    them then there these they theyre this those though through thursday to today told too took
    tried
    tuesday unit until up us very via visit visited visits volunteers waiting want wanted wants
    was wasnt we wednesday well went were werent what when where which while who whos whom whose why
    with within without woman wont wonderful would wouldnt wrote yesterday yet you your yours youre
    mon tue tues weds thu thur thurs fri
    mum mums mam mom dad dads mother father son sons daughter wife husband brother sister baby
    nan gran grandad grandma
    partner uncle aunt auntie cousin friend mate neighbour boy girl lady gentleman guy guys god
    xx xxx
    ok okay yes etc am pm hi hello hey dear sir madam a&e ae ed icu itu nicu mri ct ecg er ent
    gum nhs111 pcn icb cqc pals
    """
)
# names that are verbs, months or helpers where they stand in small letters
SELDOM_IN_SMALL = word_set(
    """
    will may mark hope bill drew grant chase sue pat rob skip don jack art april june august
    summer autumn frank
    rich faith joy dawn gift grace miles chance sunny early young little long case major star
    van bud buddy honey
    angel precious rose lane love stone page price sky storm true wells west rain talon season
    victory favour comfort
    brown grey small queen king justice prince princess judge bishop ward carter hunter mercy
    glory peace happy
    christian charity patience max penny gay dick bee dee val nova dot sid lark stan kit tad tam
    gill
    """
)
TITLES = word_set(
    "dr drs mr mrs ms miss mx prof professor doctor doctors sir dame lord lady rev revd reverend"
    " fr father sr sister"
    " matron canon rabbi imam cllr councillor capt captain sgt pc lt col major mister missus doc"
    " messrs nurse nurses"
)
# titles that are words as well: what follows in small letters must look like a name
TITLES_AND_WORDS = word_set(
    "miss doctor doctors sir dame lord lady father sister matron canon captain major nurse nurses"
    " doc imam rabbi fr"
)
ROLES = word_set(
    """
    nurse nurses sister matron midwife midwives consultant surgeon hca hcas hcsw assistant
    assistants practitioner physio
    physios physiotherapist physiotherapists therapist therapists paramedic paramedics porter
    porters receptionist receptionists
    pharmacist dentist hygienist counsellor psychologist psychiatrist carer carers visitor
    optometrist optician
    radiographer radiographers sonographer phlebotomist anaesthetist anesthetist registrar
    doctor doctors gp gps chaplain driver
    secretary student volunteer volunteers dietitian dietician radiologist cardiologist
    oncologist physician
    podiatrist chiropodist cleaner cleaners interpreter manager worker coordinator ordinator cpn
    locum crew ot slt salt
    sho houseman trainee nurseries housekeeper domestic technician audiologist orthoptist
    prescriber dispenser
    neurologist dermatologist urologist gynaecologist obstetrician paediatrician geriatrician
    rheumatologist haematologist
    clerk warden clinician operator ambulanceman fireman policeman officer advocate navigator
    link prescriber doula vicar priest
    administrator supervisor lead ahp odp hv dn sw ward-clerk nursery
    """
)
KIN = word_set(
    """
    mother mum mums mummy mom mommy mam father dad dads daddy son sons daughter daughters wife
    husband hubby partner brother
    brothers sister sisters sibling grandmother grandfather grandma grandpa grandson
    granddaughter grandchild nan nana nanny
    gran granny grandad granddad uncle aunt auntie aunty cousin niece nephew friend mate
    neighbour boyfriend girlfriend
    fiance fiancee boy girl baby child toddler twins twin stepson stepdaughter stepdad stepmum
    law kid kids
    little lad bump missus hubbie
    """
)
PARTICLES = word_set(
    "van von de da del della der den di du la le el al bin binti ibn ap ab st mac mc ter ten dos"
    " das ben bint abu o ni nic ui fitz abd"
)
FACILITIES = word_set(
    """
    ward wards hospital hospitals unit units wing suite house road street lane avenue close
    drive way court place gardens garden clinic
    clinics surgery practice centre center infirmary hospice medical health building block floor
    trust university college
    school park square terrace crescent hill green room theatre lounge café cafe church station
    airport hotel pub ae
    castle bridge day bank cottage lodge village town city county council foundation group
    pharmacy chemist dental hall
    hostel nursing residential care home homes
    """
)
AILMENTS = word_set(
    """
    disease diseases syndrome palsy test tests score scale scan lymphoma ulcer contracture
    fracture sign reflex procedure
    manoeuvre tumour sarcoma oesophagus cells fever diet catheter bandage frame stocking
    stockings line pump inhaler
    tablets tablet cream mg ml mcg injection vaccine jab insulin leaflet clinic dementia
    phenomenon thyroiditis lamp garden
    hip knee block splint collar pelvis coma criteria chart index technique method
    wallpaper position remedies neuroma forceps balloon firs fir potatoes potato quiche
    paint award awards plum plums apple apples pear pears cake cakes
    pie sandwich toast biscuits lifts lift scanner scanners fabric curtains chair mattress cushion
    print font
    """
)
AS_NAMED = word_set("called named name names known nicknamed")
SURE_FACILITIES = word_set(
    "ward wards unit units hospital hospitals clinic clinics surgery practice centre wing suite"
    " infirmary hospice road street avenue"
)
AFTER_TITLE = re.compile(r"(?:'?s)?\.? ?[\-:,/&]? ?[\"']?")
NO_STOP = re.compile(r"[^.!?\n\0]*")
