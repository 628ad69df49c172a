# ruff: noqa: E501 - a line of a note stays whole
"""Names in small letters, in capitals amid small letters, initials, nicknames, words that are names.

Each line has its identifiers in braces; nothing else of it may be taken for a name.
"""

from __future__ import annotations

import pytest

from curator.detect.text import detectors, find_all
from curator.identifiers.categories import Category

#: Names that go, in braces; a backslash and an n begin a new line of the note.
NAMED = r"""
0730 seen on rounds w {NAKAMURA}, plan unchanged
OK to dc per {OYELARAN}
lac I&D'd by {FEATHERSTONE}
spoke w {DRUMMOND} re CT, no acute findings
signed out to {ABERNATHY} 0700
d/w {KOWALCZYK} (renal) - start HD in am
3) {VANDERMOLEN}  POD2, drain 30, adv diet
4. {OKONKWO} 71F fall, awaiting PT
Rm 12 {LINDQVIST} - IV abx, home tmrw
- {MERRIWEATHER}: post-op ileus, NGT out
case reviewed, agree. {SZYMANSKI}
attg {TREMBLAY} aware
{HALVORSEN} paged x2, no answer
{PEMBERTON} to see pt in am
pt wants {CASTELLANOS} to do the scope
f/u {BRENNAN} 2 wk w/ xray
handoff {PETROSYAN} -> {MACKENZIE}
cc: {WHITFIELD}
2nd opinion from {ADEYEMI} next week
Closed by {RUTHERFORD}, 3-0 nylon
staffed with {ISHIKAWA}
asked {THORNTON} to co-sign
{BEAUMONT}'s clinic will call
med rec done / {GUTIERREZ}
on call tonight: {FAIRCHILD}
bed 4 - {STRICKLAND}, 64M, NSTEMI
back-up {LOCKHART}
CT read by {VENKATESAN}: no PE
covering for {HUMPHREY} this wk
will let {CALDWELL} know
1/ {DEVEREUX}  lap chole d1, home today
2/ {BAKER}  hernia, dc
5/ {COOPER}  AKA d4, vac change
given to {WARD} at shift change
DNR confirmed with {FLETCHER} and family
rn {delgado, maria} at bs
can someone fix the dose on {ferguson, blake}, ordered twice
re {abernathy, colleen}: needs prior auth
pt {nguyen, tuan} here for inr
pls call {osullivan, erin} back re results
refill for {park, jisoo} pending
{bianchi, luca} dob on file, wants records
hi its {tanya} from radiology
son {marcus} flies in tomorrow
dtr {joy} brings meds
spoke to {ray} at front desk
md {hollis} wants labs
rt {okafor} at bedside
vol {hank} sits w pt tues
sw {brinkley} following
np {castillo} to see
circ {tillman}, scrub {vega}
rep {costello} in room
thx, {denise}
thanks {kwame}, rn
-> {harrison}
cc {delacroix}
hubby {frank} drove her in
wife {rose} on phone
gma {dottie} has custody
neighbor {earl} found him
told {brenda} at dr {kessler}'s office
dr {whitlock} out til mon, {simmons} covering
~{latoya}
assigned to {mendez} for am
attn {kowalski}
his ex {tina} called again
gf {amber} upset
roommate {dev} says he fell
cna {jolene} witnessed
per {gallagher} ok to hold
d/w {osei} on rounds
charge {tamika} notified
query sent to {lindstrom}
({vasquez}, icu)
pcp {feldman} aware
aide {rosalind} left at 5
lives w dtr {grace} in a duplex
mom {kim} asking about school note
transport {jerome} took pt to ct
chaplain {amos} visited
Checked by: {RWK}
dictated to {MTO}
Machine check: {LBA}   Drugs drawn up: {PV}
Entered by {kjm}, verified by {T.S.}
Voice msg left for pt. {JMcG}
Dressing changed, no drainage -{kt}
Pt tol well. {R-W}
Scribe: {aeb}
Counts correct x2 {MG}/{TR}
Critical called 0412 to RN, read back Y  {dk}\nCritical called 0533 to RN, read back Y  {mrs}
08:00  98.6  72  {JT}\n12:00  98.9  80  {LM}\n16:00  99.0  78  {JT}
06:00 turned L {bk}\n08:00 turned R {bk}\n10:00 turned L {sv}
Pt #3: "{ETW}" 75 RH M
Case 4: "{BQ}", 61F
Subject {R.L.} withdrew consent
Initials: {NVD}
Typed: {lw}
chk'd {AJP} 3/4
Amended result phoned. {S.K.}
Prepared by {BH}, checked by {NG}
Tech {JH}  Rad {WPO}
Transcribed {EKS}
Proofread: {fjl}
T: 2/3 {HWD}
pt {KL} 63F w/ COPD
Witness {DAR}
Staff initials {C.M.}
Preferred name .... {Skip}
Prefers to be called {Junebug}
Goes by {Bud}, legal name on chart
Name pt likes: {Sunny}
Nickname: {Tex}
known to staff as "{Doc}"
everybody calls him "{Chief}"
Grandkids call her {Nonna Bea}
IC "Chief {Dale}"
the nurse he calls "Doc {Little}"
Likes to be called: {Ace}
"{Peanut}" to her family
family calls the baby {Bean}
answers to {Red}
wants to be addressed as {Pastor Jim}
Call me: {Buddy}
pt (aka "{Smokey}") left AMA
street name {Tiny}
his buddy "{Moose}" drove
Called {Marsh}'s office, left message.
Asked {Banks} to review the film.
Will refer to {Stone} for the hip.
Saw {Rivers} last month, no change.
Paged {Wolf}, who came promptly.
{Cook} and I both examined her.
{Price} and {Bloom} rounded together.
Report given to {Rush}, who takes over at 7.
Her endocrinologist, {Hale}, stopped it.
She has her own OB, {Bergman}.
the monitor {Power} verified source
PharmD {August} says keep the dose
Cosign {Day}.
The hired man, {Grace}, drove him.
Rep {Sharp} was in the room.
Consultant {Church}; registrar {Field}
Warden ({Stijn}) found her on the floor.
Homeroom teacher {Winter} called mom.
therapists {Christian} and {Hope} treated
Minutes: {Tamsin}. Apologies: {Little}.
Staffed: {J. Heart}
Sent result to {Do}'s office.
result sent to {Long} office
{Steele} aware.
{Summers} to follow up on cultures.
options: a) observe <- {Fields}; b) RT <- {Reed}
awake crani 5/23/2021 ({Strand}), resid 1.1 cc
{Parks} covering tonight, {Woods} tomorrow
{Tamsin} off, {Kofi} covering til the 21st
Prof. Dr. med. {Vogel} operated; OA Dr. {Huber} assisted
surgeon tomorrow is {Early}.
wants driving letter - {An} to do
New pt of {Frost}, last seen May.
Patient of {Temple}'s transferred to us.
{Rice}, {Pope} and {Lamb} present.
Discussed at MDT: {Bird}, {Swift}, {Nash}.
Baby {Twain} (twin 1), 3 h old
GP {Savage} has retired.
Anaesthetist {Bright}, ODP {Meadows}
Accepted by {Crane} at the receiving hospital.
Interpreter {Summer} present throughout.
Coordinator: {Bell}
Case manager {Noble} arranging SNF.
per {Small}'s note of last week
under the care of {Moody}
Second assistant {Hood}
{Hardy}'s MA will fax.
sees {Parin} weekly for counseling
he mentioned {Birta}'s being away
Consultant: {Pike}   Trainee: {Major} (ST5)
Nurse today: {Zeferino}     Tech: {Gene}
Gross by {Pa Houa}, PA(ASCP)
on-call {Storm} notified
{Bishop}, RN
bed;name;age;cc;doc;rn;los\n03;{HODEL, MICHA};38;CP;{Majcen};{Adán};4:12\n05;{DAY, SUNNY};24;tooth;{Ray};{Pia};0:55
room,patient,nurse,provider\n12,{Lund Per},{Gail},{Oakes}\n14,{Ames Joy},{Tom},{Banks}
Rm|Pt|RN|MD|Dx\n1|{Solis}|{Kat}|{Brandt}|CHF\n2|{West}|{Joe}|{Hart}|COPD
Time;Staff;Task\n0800;{Wanda};meds\n1200;{Kofi};lunch
Test     Value   Called to        Called by\nHgb      5.9     {Tuipulotu, S.}   {Birzniece}\nBldCx    GPC     {Cousin, M.}      {Bohlander}
date,author,type\n2021-03-04,{Keane},progress\n2021-03-05,{Wu},consult
Reviewed CT with {HOLLOWAY}, no surgical issue.
Consented by {STRAUSS}; site marked.
2. {QUINTERO} 55F DKA, gap closed
14A {MCALLISTER}: NPO for cath
{WOJCIK} / {PRITCHARD} rounding this weekend
Plan per {DELACROIX}: hold AC 48h
ED attending {ROSENTHAL} accepts
Resident {IYER}, attending {WINSLOW}
Dispo: home w/ f/u {BRAITHWAITE} Tues
Call from {LANGFORD} (ortho), wants MRI
ok'd {HERNANDEZ}
Last seen by {SCHAEFER} in 2019
Time out led by {MONTGOMERY}
Specimen to path, {GOLDSTEIN} notified
- {NOVAK} 54M, post op d2, foley out
* {TRAN} 38F PEC on mag
Bed 9 {OSTROWSKI} - extubated
Surgeon: {VOSS}; Asst: {KIMURA}
D/C'd per {ELLSWORTH}, script called in
seen w/ {GRIMALDI}, agree
Discussed with {SANTORO} who will admit
covering MD: {THIBODEAUX}
wound check - {JANKOWSKI}
transfer from {OBRIEN} service
lab called crit k 6.8 to {jessie} rn
nurse {petrov} gave report
ok per {goldberg} to advance diet
talked to mom ({keisha}) about fever
please have {lorenzo} call me back
{susan} here, my insulin is out
this is {marcus} bed 12's son
ty {melissa}!
thank you, {gretchen} {olson}
give to {stephanie} when she gets in
{rosario} - bp still high
asked {tiffany} to fax it
bro {tyrell} at bedside, sis {monique} on way
his mom {luz} doesnt drive
{hernandez, miguel} no show x2
{white, sandra} wants sooner appt
no show: {obrien, kelly}
{dawson} pt, fu 3 mo
sched w {krueger} 10/3
pt {esperanza} c/o dizziness
wife {peggy} is poa
kids {tyler}, {mia} and {zoe}
grandson {deshawn} gives insulin
spoke w/ {vickie} at pharmacy
per {nancy} in billing
left vm for {theo}
sent to {marquez} for cosign
recd call from {annette} w/ hospice
ot {fiona} worked w pt
sign off {jamal}
dr {fong} to call dtr
nsg sup {delgado} aware
e-signed by {lopez, ana m}
- {priya}
xo {maddie}
I spoke with {Crow} this morning and he agrees.
We will ask {Best} to weigh in.
{Green}'s nurse called for an update.
Messages left for {Love} and {Young}.
Let {Savage} know if the fever returns.
Dressings changed with {Fay} assisting.
Signed out to {Winters} at 1900.
The on-call fellow ({Snow}) was called.
Handed over to {Gates}.
{Sharp} saw him Tuesday and changed the dose.
Follow with {Wise} in three months.
{Stone} wants a repeat MRI.
My colleague {Bond} will see her.
I agree with {Wild}'s plan.
Films reviewed by {Snow} and {Rains}.
Second read by {Marsh}.
Cleared by {Fox} from ortho.
He trusts {Hill}, his old internist.
Please route to {Pond}.
Cc {Bush}.
Physio {Lake} walked her twice.
Her caseworker {Rains} visits Fridays.
Bus driver {Penny} noticed the seizure.
Scrub: {Ivy}; circulator: {Dusty}.
Surgeon {Butcher} / assist {Savage}
Operated by {Church}, {Bell} assisting.
The sitter, {Robin}, pressed the bell.
Lives with her niece {Sky}.
Her boys, {Hunter} and {Chase}, are well.
{Dawn} called from the school.
{Art} says he is fine.
{Will} is her proxy.
{Mark} and {Grace} are the parents.
His daughter-in-law, {Sunny}, cooks.
Dr {Payne} from pain clinic
Nurse manager {Bright} informed.
Social work ({Crisp}) to see.
PT ({Walker}) eval done.
OT {Banks}: needs raised seat.
RT {Hope} at bedside.
Anes: {Early}
attending of record {Noble}
SW {Moon} arranging cab.
{Wood} to remove staples.
Ask {Frost} re anticoag.
Consulted {Wolfe}, no intervention.
Needs appt w {Pike}
{Hardy} - will do
Referred by {Hunt}, GP
the {Rivers} family met with us
Neuro ({Berry}): EEG neg
Renal {Waters} following
per cards {Stock} ok
Sutures out, sees {Wright} next.
Teacher {Frost} reports absence seizures
Rounds with {Drake}, {Finch}, {Wren}.
Signed {PJT} 3/4/21
Wound care per protocol. Turned q2h. {SB}
meds given, tol well {lm}
Line flushed, site clean ({DK})
Read back verified {HM} 0410
{M.K.} called, wants results
Spoke to {A.W.}'s mother
D: 3/4 T: 3/5 {KLM}:{rtp}
{KAH}/{bjs}
Attested: {VNR}
Time out 0915 {GHS}
initials: {ccr}
approved {JEH}, {MRT}
pt {R.S.} is a 44 yo
Counted with {SLT}
Consultant {DJM} / Registrar {CPF}
Author: {TJW}
-{E.M.}
{R.J.}, RN
Reviewed by {ACB} and {DFE}.
waste witnessed by {JDP}
QC {WB} 4/4
Pt ID checked {HK}/{LS}
0800 BP 120/70 {tk}\n1200 BP 118/68 {tk}\n1600 BP 122/71 {rv}
Date  Dose  Site  Init\n1/2  0.5  LD  {KM}\n1/9  0.5  RD  {PW}\n1/16  0.5  LD  {KM}
Bed,Pt,RN\n1,{Lopez},{Amy}\n2,{Chu},{Bo}
Name;DOB;Doctor\n{Perez Ana};1/2/50;{Rossi}
PATIENT\tAGE\tPROVIDER\n{Moss}\t44\t{Klein}\n{Hay}\t51\t{Diaz}
Room   Patient      Nurse     MD\n201    {Garza, P}   {Wendy}     {Bloom}\n202    {Ochoa, L}   {Kirk}      {Steele}
Role: Name\nSurgeon: {Oakley}\nAssistant: {Ferris}\nScrub: {Dee}
Day   Call       Backup\nMon   {Sorensen}   {Patel}\nTue   {Reyes}      {Kwan}
Date;Weight;Nurse\n1/2;70;{Ofelia}\n1/9;71;{Ofelia}
Ms. {Bloodworth} was brought by {Tansy}, her neighbor.
{Ottoline} came in with her.
He asked after {Percival}.
{Mireille} at the desk booked it.
Her brother {Anselm} drove; {Anselm} will return Monday.
It was {Larkin} who placed the drain.
Neither {Oduya} nor {Fenn} was available.
Thanks to {Marlow} for the referral.
He and {Bettina} live upstairs.
She lost {Walt} in March.
Since {Ruthie} died he eats less.
{Tobias} made her promise.
her late husband {Ezra}
When {Crispin} was born she had PPH.
{Dorothea}, 82, was found down.
Told {Nash} and {Pell} the plan.
Plan ({Ashdown}): extubate
{Ashdown}/{Merrick} to scope
Assessment by {Dunmore} 4/5
NOK {Yarrow}
POA: {Briony}
carer {Blythe} present
Seen by myself and {Tolliver}.
mate {Dougie} rang
gran {Elspeth} visiting
hubby {Bryn} parked
The order was {Pascoe}'s.
copy to {Lovelace}
Bloods by {Jenks}.
{Hathaway} (anaes) happy to proceed
per RT {Joaquin}
xfer accepted {Okoro}/{Lutz}
EMT {Duffy} reports GCS 14
Officer {Bellweather} took the statement
Ofc {Krupke} badge
with {Li} and {Xu} from IR
ask {Ng} about the graft
paged {Wu}
{Le} called back
seen w {Ho}
d/w {Oh} in IR
per {An} ok
attending {So}
NP {Her} saw pt
Sister {To} on ward 4
Dr. {Min}, Dr. {Day}
Mr {Wong} Sr
Patlent: {Mar1a L0pez}
Attendlng: {R0bert Chen}
admit to {FERREIRA} svc
{MCDOUGALL} saw pt, rec MRI
discussed w pt & {SORIANO}
Att: {BLACKWOOD}
Fellow {NGUYEN} scrubbed, {HASSAN} staff
IV by {KOVAC} x1
hx per {DAUGHTREY} note
WOUND CARE: see {PELLETIER} recs
DC summary to {ALVARADO} office
repeat labs am, call {MUNROE} if K > 5.5
MRN 12345 {ESPINOSA} 72M
Bed 3  {HOLLISTER}  72M  sepsis
Bed 4  {MARCHETTI}  66F  CVA
{ODONNELL}, {PATRICK} 54M
(staff: {CHAUDHARY})
{LEBLANC} RN
Kept {HARGROVE} in loop
note cosigned {DUBOIS}
{gonzales} rm 4 needs walker
{schmidt} fell again
pls dc {ramirez} foley
did {kowalski} get his abx
bed 2 {olsen} npo
rm 12 {petersen} wants pain med
move {chavez} to 4b
{tran}: k low
{ortiz} - dnr
labs on {jensen} back
{lindberg} family at bs
mr {salas} and ms {duong}
nurse {kelsey} and tech {omar}
ama form signed {fuentes}
{marissa} will cover my pts
switch w {bethany} on fri?
thx {kirsten}
hey {vanessa} can u call bed 9s wife {elaine}
from: {stefan} to: {lena}
{mohamed} translated
interp {fatima} on ipad
{giovanni} doesnt want rehab
ref'd by {cardoso}
ex husband {darnell} has a ro
foster mom {loretta}
asked for {svetlana} to call
transplant coord {ingrid}
home rn {abigail} out weekly
pt's pastor {desmond}
{osman}, pt's roommate
coach {valentin}
{mccarthy} consult pending
{rodriguez} clinic tues
doesn't want {delgado} as pcp
went to see {villanueva} last yr
texted {anneliese} re ride
{chidinma} off sick
{mateusz} says no pain
{xiomara} has the keys
can {thuy} translate
booked w {farouk} thurs
{keanu} wants pizza lol
pt's nephew {rohan} is hcp
saw {siobhan} in triage
{haruto} and {yuki} visited
gave {sanjay} the form
{ingeborg}, 91, falls
labs sent, {nadia} aware
"""

#: Lines that have no name.
PLAIN = r"""
PT EVAL done, NWB RLE
start VANCOMYCIN per PHARMACY
seen by CARDIOLOGY and NEPHROLOGY
1/ LABS  pending
2. HYPERTENSION  stable on lisinopril
plan per PROTOCOL, recheck by NIGHT TEAM
transfer to TELEMETRY today
given by NURSE, tolerated WELL
3/ NEURO  intact, no deficits
- RESPIRATORY: clear bilat
CONTINUE metoprolol, HOLD lisinopril
reviewed w FAMILY, all questions answered
/ NORMAL sinus
dc to REHAB, f/u w ORTHO
f/u CARDS 2 wk
nsg note: pt calm, cooperative
md aware, no new orders
rn called report
son will bring meds
wife may stay overnight
pain worse at night, better w rest
rep bradycardia, htn
cc chest pain, sob
thx, will do
refill for metformin, lisinopril pending
per protocol ok to hold
sob, nausea, vomiting
re labs, imaging: normal
chest clear, abdomen soft
Reviewed by: MD
Checked by: RN
Mode: AC
Route: PO
Signed by MD at 0800
BP 120/70 HR 72 RR 18 OK\nBP 122/71 HR 70 RR 16 OK
Na 140  K 4.1  WNL\nCl 100  CO2 24  WNL
Lisinopril 10 mg  PO\nMetformin 500 mg  PO\nHeparin 5000 u  SQ
Eye exam: VA 20/20 OD\nVA 20/25 OS
Case 4: "PE" suspected
L knee ROM 0-120 AROM\nR knee ROM 0-130 AROM
K 4.0 nl\nNa 138 nl
The so-called "dry weight" is 70
complains of "pins and needles"
He calls it "the Beast"
states "I feel fine"
"Code Blue" called 0312
has "good days" and "bad days"
positive "Tinel" sign
Foley removed, voided.
Tinel positive at the wrist.
Bell palsy on the left.
Murphy negative, Rovsing positive.
Spring allergies. Summer worse.
Patient and family agree.
Cook at a restaurant, lives alone.
Price of the drug is an issue.
Rush ordered on the sample.
Asked Radiology to review.
Called Pharmacy, left message.
Saw Ortho last month.
Day 3 of antibiotics.
Baby Aspirin daily.
Report given to PACU nurse.
Rice, beans and chicken tolerated.
Long discussion held.
Steele bars and Hope scale
Strong cough. Sharp pain.
Drug;Dose;Route\nHeparin;5000;SQ\nAspirin;81;PO
Test;Result;Flag\nSodium;140;N\nGlucose;210;H
HELD: aspirin, plavix
ALLERGIES: penicillin, sulfa
- ASSESSMENT: stable
1. PNEUMONIA, improving on ceftriaxone
2. ANEMIA - transfuse 1u
3/ CAROTID stenosis, f/u in 6 mo
ordered STAT, results PENDING
on TELEMETRY per CARDIOLOGY
given ZOFRAN and TORADOL by EMS
d/w PALLIATIVE, family meeting Thurs
FOLEY in place, draining
seen with INTERPRETER, reviewed w MOM
ambulated w pt, tolerated well
mom says fever since last night
pt denies cp, sob, n/v
husband drives, wife works nights
dtr lives out of state
son angry about wait
per mom, eats ok
hold lisinopril, metoprolol
told pt to call if worse
see note by cards
rn unable to flush line
thanks for the referral
lives with wife, two dogs
sister had breast ca
tech notified, repeat ekg
to ct w transport, back at 10
re inr, dose unchanged
Bush tea nightly. Walker used. Crow feet noted.
Strong radial pulse. Young male in no distress.
Green sputum. Stone passed yesterday.
Hill-Sachs lesion. Bell rang.
Church on Sundays. Snow shoveling caused it.
Pike fracture is not a term. Fox test is.
Winter coat provided. Love of music.
Best corrected vision 20/40.
Banks at the gym? No.
Wild type KRAS. Sharp debridement.
Early satiety. Noble effort.
Penny-sized wound. Sky diving.
Will follow. Mark site. Grace period.
Chase with water. Hunter syndrome ruled out.
Dawn phenomenon suspected. Art therapy.
Pain clinic to see. Wound team to follow.
Radiology called. Pharmacy aware. Security paged.
Metoprolol 25 mg BID\nLisinopril 10 mg QD\nASA 81 mg QD
HR 80 SR\nHR 78 SR\nHR 82 AF
WBC 8.1 K\nHgb 12 g\nPlt 200 K
ROM: knee 0-120 WFL\nhip 0-100 WFL
CN II-XII WNL\nMotor 5/5 WNL
Left eye OS\nRight eye OD
Given PO. Tolerated. NAD
Plan: d/c IV, cont PO
Reviewed CT and MRI
checked INR, K, Mg
Called ED re transfer
Signed POLST on file
collected UA and BCx
Screened for TB, HIV
Done: CBC BMP
Measured LVEF 55
Author MD note
Dictated and read
done w PT and OT
Read: NSR, no STE
Transfer: max A x2 BLE
Bed mob: min A x1 RLE
Organism  Drug  MIC\nE coli  Cipro  0.5\nKleb  Zosyn  4
Allergen,Reaction,Severity\nPenicillin,Rash,Mild\nLatex,Hives,Moderate
Exercise | Sets | Reps\nBridge | 3 | 10\nClam | 3 | 12
Lead | Threshold | Impedance\nRA | 0.5 | 400\nRV | 0.7 | 500
Primary | Secondary | Plan\nAsthma | GERD | Trelegy\nCOPD | OSA | CPAP
PT   Result   INR\n12   Normal   1.0\n13   Normal   1.1
Cushing noted on exam. Babinski up.
Kernig neg, Brudzinski neg
Foley, Hemovac and Jackson-Pratt in place
Both Lasix and Bumex were stopped.
Neither Keppra nor Depakote helped.
Between Tylenol and Motrin she slept.
Since Tuesday he eats less.
Plan (Neuro): MRI
It was Zosyn that helped.
Thanks to Hospice for help.
Told Security and Pharmacy.
Both Medicare and Medicaid cover it.
START HEPARIN, HOLD APIXABAN
see DISCHARGE summary
CT w CONTRAST today
+ RHONCHI, - WHEEZES
allergic to SHELLFISH
Bed 4 EMPTY
Bed 6 ISOLATION - MRSA
call RAPID if sats < 88
bp by DOPPLER 80
per EMS report
DVT by ULTRASOUND
s/p WHIPPLE 2019
failed HUMIRA, on STELARA
given by CAREGIVER
per FACILITY
per HOSPITALIST note
w DIARRHEA
by HISTORY only
to RADIOLOGY at 0900
IV by PARAMEDIC x1
gait steady w cane
pt to rehab mon
wounds clean, no drainage
labs pending, cxr neg
hx copd, chf, ckd
bed alarm on
urine cx pos e coli
meds: tylenol, senna, miralax
diet: cardiac
bp meds held
nitro x1 w relief
senna, miralax, colace
clean catch sent
took benadryl, zyrtec at home
aox3, ambulates w rollator
tylenol prn, ibu prn
denies etoh, tob, illicits
works at amazon
likes netflix
watches oprah
had botox
on xarelto
uses a theragun
feeds via mickey button
drinks ensure and pedialyte
pneumovax given
appt w cards, gi, and neuro
reg diet, nectar thick
cath w stent to lad
aspen collar on
philly collar
miami j collar in place
ace wrap, velcro splint
bari bed ordered
hoyer lift x2
steri strips intact
ted hose on
purewick in place
kerlix and abd pad
mepilex to sacrum
santyl daily
alaris pump alarm
pyxis override
dinamap bp
bair hugger on
yankauer at bs
hoveround chair
lucas device used
zoll pads on
"""


def _marked(line):
    text, spans = "", []
    for mark in line.replace("\\n", "\n").replace("\\t", "\t"):
        if mark == "{":
            spans.append([len(text), 0])
        elif mark == "}":
            spans[-1][1] = len(text)
        else:
            text += mark
    return text, spans


def _places(text):
    findings = find_all(text, detectors(weighed=False))
    found = {at for finding in findings for at in range(finding.start, finding.end)}
    return found, [finding for finding in findings if finding.category is Category.NAME]


@pytest.mark.parametrize("line", NAMED.strip().split("\n"))
def test_a_name_goes_and_no_other_word_does(line):
    text, spans = _marked(line)
    found, names = _places(text)
    wanted = {at for start, end in spans for at in range(start, end) if text[at].isalnum()}
    assert spans
    assert wanted <= found
    assert [text[name.start : name.end] for name in names if wanted.isdisjoint(range(name.start, name.end))] == []


@pytest.mark.parametrize("line", PLAIN.strip().split("\n"))
def test_a_line_without_a_name_has_none(line):
    text, _ = _marked(line)
    _, names = _places(text)
    assert [text[name.start : name.end] for name in names] == []
