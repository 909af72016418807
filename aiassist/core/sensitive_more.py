"""More phrases of the shipped human-only list, written as in `sensitive_rules.py`, for topics that had none or few."""

from __future__ import annotations

#: Taken out before the rules are asked.
NEAR_MISSES = """
(can|could|may|will) (my|our) (son|daughter|kid|child*) (pick|collect|fetch) (_ )?(up|it|them)?
(party|dance) (dress*|tent*|shoe*|bag*|hat*|set*|pack*|light*|decoration*)
(union|trade) (jack*|thread*|fair*|show*|price*|mark*|in)
(credit|student|rugby|european) union
face (cream*|mask*|wash*|scrub*|value|serum*|towel*|lotion*|oil*|powder*)
(fingerprint|face) (reader*|lock*|sensor*|proof|unlock*|id)
(cut|burn) (off|out|in half|the (price|cost)*)
(broke|cut) (my|the) (heart|budget|bank)
(gay|straight) (street|road|lane|hussar)
(race|racing|rally) (bike*|car*|track*|number*|day|bib*)
(killing|kill) me
(crime|criminal|steal) (how|at this price|of a deal)
attack* (of the|the stain*|the dirt)
(shot|shooting) (glass*|star*|list)
"""

RULES = {
    "origin": """
(because|as|since) (_ )?(i am|i'm|im|we are|we're) (_ )?(black|white|brown|asian|african|arab|indian|turkish|polish|romanian|jewish|latino|hispanic|chinese|a foreigner|foreign)
(my|our|their) (skin|skin colour|skin color|race|ethnicity|ethnic origin|nationality|heritage|accent|origin|origins)
(people|those|someone|somebody) (from|like) (my|our|her|his) (country|home country|culture|background)
(roma|sinti|traveller|gypsy|romani) (family|people|community|background)
(as|am|are|being|i'm|we're) (a|an|the)? ?(refugee*|asylum seeker*|immigrant*|migrant*|foreigner*)
where (i|we) (really|actually) (come|came|are) from
i('m| am)( originally)? from (nigeria|ghana|syria|afghanistan|iran|iraq|turkey|somalia|eritrea|pakistan|india|china|romania|bulgaria|poland|ukraine|russia|morocco|algeria|tunisia|egypt|ethiopia|kenya|vietnam|mexico|brazil|colombia)
(racist|racism|racial*|xenophob*)
(meine|meiner|unsere|unserer|seine|ihre) (hautfarbe|herkunft|nationalitat|abstammung|ethnie)
(weil ich|da ich|als) (_ )?(schwarz*|auslander*|fluchtling*|migrant*|turk*|araber*|pole|polin|roma|sinti)( bin)?
(rassist*|rassismus|fremdenfeindlich*)
(ma|notre|leur) (couleur de peau|origine|nationalite|race)
(parce que|comme) (_ )?(je suis|nous sommes) (_ )?(noir*|arabe*|etranger*|immigre*|refugie*|africain*|rom)
(mi|nuestro|nuestra) (color de piel|origen|nacionalidad|raza)
(porque|como) (_ )?(soy|somos) (_ )?(negr*|extranjer*|inmigrante*|refugiad*|gitan*|arabe*|african*)
(racista*|racisme|racismo|xenofob*)
""",
    "politics": """
(i|we) (vote|voted|campaign*|canvass*|stand|stood) for (the )?(_ )?(party|conservative*|labour|liberal*|green*|socialist*|republican*|democrat*|left|right|nationalist*)
(member|members|supporter|supporters|voter|candidate|councillor) (of|for) (the |a |our )?(_ )?(party|conservative*|labour|liberal*|greens?|socialist*|republican*|democrat*|nationalist*)
(political|politics|campaign) (leaflet*|badge*|opinion*|view*|belief*|party|parties|sticker*|poster*|material*|message*|conviction*|rally)
(my|our|your) (politics|political)
(for|against|because of) (the )?(_ )?(socialists|conservatives|greens|liberals|republicans|democrats|nationalists)
(ich|wir) (wahle|wahlen) (_ )?(die |den )?(grunen|spd|cdu|csu|fdp|afd|linke*|sozialdemokraten)
(mitglied|anhanger*|wahler*|kandidat*) (der|bei der|fur die) (_ )?(partei|grunen|spd|cdu|csu|fdp|afd|linken)
(politische|politischen|politischer|politisches) (_ )?(meinung*|haltung*|uberzeugung*|werbung|flugblatt*|einstellung*)
(opinions? politiques?|parti politique|militant*|je vote pour)
(opinion(es)? politica*|partido politico|militante*|voto (a|por))
""",
    "union": """
(trade|labor|labour|workers'?|our|the|my) unions?( members?| rep*| representative*| steward*| meeting*| dues)?
(shop steward*|works council|collective bargaining|union (member*|rep*|dues|meeting*|official*))
(on strike|the strike|strike action|picket line*)
(gewerkschaft*|betriebsrat*|warnstreik*|(im|wir) streik*)
(syndicat*|syndique*|delegue syndical|(en|la) greve|comite d'entreprise)
(sindicat*|sindicalista*|comite de empresa|(en|de) huelga)
""",
    "sexuality": """
(gay|lesbian|lesbians|bisexual|bi sexual|homosexual*|transgender|trans (man|woman|person|people)|transsexual*|transition(ed|ing)?|non(-| )?binary|queer|asexual|intersex|lgbt*)
(my|our) (sexual orientation|sexuality|gender identity|coming out|dead ?name|sex life)
(my|our) (husband|wife) and i are (both |two )?(men|women|male|female|mothers|fathers|dads|mums|moms)
(same(-| )sex|two (mums|moms|dads|mothers|fathers|husbands|wives))
(i am|i'm) (a man|a woman) (_ )?(my|and my) (_ )?(husband|wife)
(schwul*|lesbisch*|lesbe*|bisexuell*|homosexuell*|transgender|transfrau*|transmann*|transsexuell*|nicht(-| )?binar*|queer*|gleichgeschlechtlich*|sexuelle* orientierung)
(gay|lesbienne*|bisexuel*|homosexuel*|transgenre*|transsexuel*|non(-| )binaire*|orientation sexuelle|meme sexe)
(gay|lesbiana*|bisexual*|homosexual*|transgenero*|transexual*|no binari*|orientacion sexual|mismo sexo)
""",
    "body_data": """
(scan*|picture|photo|image|recording|recognition|record*|filmed|film|stor*|keep*|kept|save*) (_ )?(of )?(my|our|his|her|the customers'?|customers'?) (_ )?(face|faces|fingerprint*|iris|retina|voice|dna|palm)
(face|facial|voice|iris|retina|fingerprint) (recognition|scan*|recogni*|data|identification|template*)
(my|our) (fingerprint*|iris|retina|dna|biometric*|genes|genetic*)
(biometric*|dna (sample|test|data)*|genetic (data|test*|sample*|material))
(recogni*) (_ )?(my|our|me by my) (face|voice)
(gesichtserkennung|gesichtsscan*|fingerabdruck*|biometrisch*|irisscan*|dna(-| )?(probe|test)*|gentest*|genetisch*)
(reconnaissance faciale|empreinte*( digitale*)?|biometri*|test adn|adn|genetique*)
(reconocimiento facial|huella*( dactilar*)?|biometric*|prueba de adn|adn|genetic*)
""",
    "violence": """
(hit|hits|beat|beats|beaten|beaten up|punch*|slap*|kick*|push*|shov*|grabb*|chok*|strangl*|stab*|shot|assault*|attack*|threaten*|threat*|stalk*|harass*|rap(ed|e)) (_ )?(me|us|my (wife|husband|mother|father|son|daughter|colleague|friend|arm|neck|throat|hair|child|kid)|you|her|him)
(was|were|been|got|am|being) (_ )?(beaten|assaulted|attacked|threatened|stalked|harassed|raped|stabbed|abused|hit by (a|the|my|your) (man|driver|courier|guard|employee|husband|ex))
(women's|womens|women) (shelter|refuge)
(my|an) (violent|abusive) (ex|husband|partner|father|wife|boyfriend)
(restraining order|domestic (violence|abuse)|(my )?(ex|ex-husband|husband|partner|boyfriend) (_ )?(must not|cannot|can't|may not) (know|find|learn|see))
(i will|i'll|i am going to|i'm going to|we will) (_ )?(smash|burn|kill|hurt|beat|hit|destroy|shoot|find you|come over|come round)
(schlagt|geschlagen|verprugel*|bedroht|bedrohen|drohung*|angegriffen|gestalkt|belastigt|vergewaltig*|hausliche gewalt|gewalttatig*|frauenhaus)
(ich|wir) (_ )?(schlage|schlagen|zunde|brenne|mache) (_ )?(ein|zusammen|an|nieder|fertig|kaputt)
(frapp* (_ )?(moi|nous|ma|mon)|m'a (_ )?(frapp*|menac*|agress*|pouss*)|menac*|agresse*|violences? conjugale*|harcel*|viol(e|ee)?s?)
(me (_ )?(golpe*|peg*|amenaz*|empuj*|agred*)|amenaz*|agresion*|maltrat*|violencia (de genero|domestica)|acoso|acosa*)
""",
    "accident": """
(slipped|tripped|fell|fall|fallen|knocked) (_ )?(on|off|over|down|in|from|at|into) (_ )?(floor|stairs|step*|shop|store|shelf|ladder|chair|escalator|ice|carpet|your)
(broke|broken|fractur*|sprain*|injur*|hurt|cut|burn*|burnt|scald*|bruis*|crush*|twisted|dislocat*) (_ )?(my|his|her|our|their) (_ )?(arm|arms|leg|legs|wrist|hand|hands|finger*|foot|feet|ankle|head|back|neck|nose|knee|eye*|face|tooth|teeth|skin|rib*|hip|shoulder|toe*|thumb)
(was|were|am|got|been|is) (_ )?(injured|hurt|burnt|burned|scalded|knocked down|run over|electrocuted)
(fell|fallen|collapsed|crashed|dropped|exploded|burst) (_ )?(on|onto|in|into) (my|his|her|our|me) (_ )?(head|foot|feet|leg|hand|face|back|toe*|lap)?
(injury|injuries|accident at|accident in|had an accident|an accident with|car accident|a&e|emergency room|ambulance|concussion|stitches)
(your|the) (van|truck|driver|lorry) (hit|ran) (_ )?(me|my|over|into)
(gesturzt|ausgerutscht|gestolpert|hingefallen|heruntergefallen|umgekippt) (_ )?(und|auf|in|im)
(verletzt|verletzung*|unfall*|gebrochen|verbrannt|verbruht|prellung*|gehirnerschutterung|notaufnahme|krankenwagen)
(suis|est) tombe* (_ )?(dans|sur|de)
(me suis|s'est) (_ )?(casse|blesse|brule|coupe|foule|ebouillante)*
(blessure*|blesse*|un accident|les urgences|ambulance)
(me|se) (cai|cayo|cai en|resbale|tropece|rompi|corte|queme|lastime|lesione)
(herid*|lesion*|un accidente|urgencias|ambulancia)
""",
    "money_trouble": """
(lost|losing) (my|his|her|our) (job|jobs|income|work|house|home|flat)
(bankrupt*|insolven*|bailiff*|debt collector*|debt advis*|foreclos*|evict*|food bank|in debt|debts)
(cannot|can't|can not|couldn't|unable to|not able to|won't be able to|am not able to) (_ )?(afford|pay) (_ )?(the|this|that|my|it|you|your|any|anything|all|for|right|at|until|in)?( bill| invoice| rent| fee| reminder| instal*| rate*)?
(can't|cannot|can not) afford
(on|living on) (benefits|welfare|social security|income support|unemployment|jobseeker*|universal credit|a small pension)
(unemployed|out of work|laid off|made redundant|short of money|no money (left|until|for)|broke right now|nothing left (after|until|for|this))
(after|once) (_ )?(the )?rent (_ )?(nothing|no money|little)
(arbeitslos*|gekundigt worden|privatinsolvenz*|insolven*|gerichtsvollzieher*|schulden|uberschuldet*|schuldnerberatung|burgergeld|hartz|jobcenter|grundsicherung)
(kann|konnen|konnte) (_ )?(die|das|den|es|mir|meine|ihre) (_ )?(rechnung|miete|rate*|mahnung*|gebuhr*|betrag|geld|nicht leisten)? ?(_ )?(nicht|nicht mehr|kaum) (_ )?(bezahlen|zahlen|leisten|begleichen|aufbringen)
(perdu (mon|son|notre) (emploi|travail|boulot)|au chomage|surendett*|faillite|huissier*|(plus|pas) les moyens|dettes|rsa)
(ne|n') ?(_ )?(peux|pouvons|peut|arrive) (_ )?(pas|plus) (_ )?(payer|regler)
((sin|perdi (mi|el)|quedado sin|perdido (mi|el)) (_ )?(trabajo|empleo)|en (el )?paro|desemplead*|embarg*|en quiebra|insolven*|deudas)
no (_ )?(puedo|podemos|puede) (_ )?(pagar|permitirme)
""",
    "legal_threat": """
(solicitor*|attorney*|ombudsman|small claims|take (you|this|it|them) to court|final notice before|before legal action|legal action|see you in court|in court then)
(mein|unser) (anwalt|rechtsanwalt)|meine (anwaltin|rechtsanwaltin)|vor gericht|rechtliche schritte|schlichtungsstelle
(mon|notre) avocat*|porte plainte|tribunal|mediateur
(mi|nuestro) abogad*|tribunales|demandar*|denunciar*
""",
    "health": """
(my|his|her|our) skin (_ )?(react*|burn*|itch*|break*|rash)
(nickel|latex|nut|gluten|lactose|peanut) (_ )?(allerg*|intoleran*|free because)
allergiker*|(meiner|meine|einer) (operation|op|chemo*|krankheit|behandlung|reha)|(habe|mit) (krebs|epilepsie|demenz|diabetes|asthma)
(dementia|epilep*|crutch*|chemo*|wheelchair*|cancer|diabet*|asthma*|multiple sclerosis|parkinson*|autis*|depress*|adhd|disabilit*)
(un|le) cancer|epilep*|handicap*|fauteuil roulant|diabet*
(tengo|con) (cancer|epilepsia|diabetes|asma|una enfermedad)|silla de ruedas|discapacid*
""",
    "bereavement": """
(my|our|his|her) late (_ )?(wife|husband|mother|father|mum|mom|dad|grandmother|grandfather|grandma|grandpa|son|daughter|brother|sister|partner|parents|aunt|uncle|friend)
(died|dead|passed|passed on|passed away) (_ )?(last|in|on|this|yesterday|suddenly|a (week|month|year)|before) (_ )?(january|february|march|april|may|june|july|august|september|october|november|december|week|month|year|sunday|monday|tuesday|wednesday|thursday|friday|saturday|night)
(wife|husband|mother|father|mum|mom|dad|son|daughter|brother|sister|grandmother|grandfather|partner) (_ )?(passed|died|has died|is dead)
(lost|losing) (our|my|the|their) (baby|child|son|daughter|mother|father|husband|wife|mum|dad|brother|sister|grandmother|grandfather)
(a|the|her|his|my|our) funeral|miscarriage|stillb*|obituary|wake for
trauerfall|todesfall|beerdigung|verstorben*|(ist|sind) (_ )?gestorben|fehlgeburt
(mon|ma|mes|notre) (_ )?(pere|mere|mari|femme|fils|fille|frere|soeur|parents|grand(-| )?mere|grand(-| )?pere|compagnon) (_ )?(est|sont) (_ )?(mort*|decede*)
(un|en|notre) deuil|obseques|enterrement
(mi|mis|nuestro|nuestra) (_ )?(padre|madre|marido|esposo|esposa|mujer|hijo|hija|hermano|hermana|abuelo|abuela) (_ )?(murio|ha muerto|fallecio|ha fallecido)
de luto|funeral|entierro
""",
    "discrimination": """
(because|since) (i'm|i am|we're|we are) (a |an )?(woman|women|girl|man|old|elderly|disabled|deaf|blind|fat|pregnant|poor|young|muslim|jewish|gay)
(old*|elderly|disabled|deaf|blind|poor|female|black|foreign) (people|customers|women|persons) (_ )?(like (me|us) )?(_ )?(no respect|second class|worse|are treated|get nothing|do not matter)
(ageism|ageist|sexis*|ableis*|homophob*|islamophob*|antisemit*|second(-| )class (customer*|citizen*))
(would|did|do) not (serve|help|let in|sell to) (me|us) (_ )?because
(told|made) (_ )?(to )?wait (_ )?(because|outside)
wegen (meines|meiner|unseres|unserer) (kopftuch*|akzent*|alter*|geschlecht*|hautfarbe|herkunft|behinderung|religion)
(benachteilig*|diskrimin*|zweiter klasse)
(a cause de|en raison de) (mon|ma) (voile|accent|age|sexe|origine|handicap|religion|couleur)
(por|a causa de) mi (velo|acento|edad|sexo|origen|discapacidad|religion|color)
""",
    "self_harm": """
(can't|cannot|can not) (_ )?(go on|take it|do this|live|carry on) (any ?more|any longer|like this)
(end|ending|take|taking) (it all|my (own )?life)
(no|any|what's the|what is the) (point|reason|sense) (_ )?(in |of |to )?(living|live|wake up|going on|life|being here)
(cutting|hurting|harming|burning|cut|hurt|harm) (myself)
(suicid*|self(-| )?harm*|better off (dead|without me)|don't want to (live|be here|wake up))
(selbstmord*|suizid*|umbringen|nicht mehr (leben|weiter|aufwachen)|ritze mich|keinen sinn mehr)
(me suicider|suicid*|plus envie de vivre|en finir|me faire du mal)
(suicid*|quitarme la vida|no quiero vivir|hacerme dano|acabar con todo)
""",
    "data_protection": """
(what|which) (_ )?(information|data) (_ )?(do you |you )?(have|hold|keep|store|stored|saved) (_ )?(on|about) me
(copy|export|extract) of (_ )?(my|all my) (data|information|records)
(all|any) (the )?(personal )?(data|information) (_ )?(you (hold|have|keep|store)|about me|on me)
(gdpr|dsgvo|rgpd|data protection|subject access|right of access|article 15|object to (the )?(processing|use) of my)
(erase|delete|remove|forget) (_ )?(everything|all data|me|my data|my account|all my)
(want|wish|like) to be forgotten
(welche|was fur) daten (_ )?(sie|uber mich|gespeichert)
quelles? (donnees|informations) (_ )?(avez|possedez|conservez|detenez)
que datos (_ )?(tienen|tiene|guardan|conservan)
""",
    "person_please": """
(a |an )?(real|actual) (member of staff|staff member|human being|colleague|employee)
(anybody|anyone|somebody|someone) real
(i'd|i would|i) (like|prefer|want|need) (_ )?(a|an) (human|person)
""",
    "children": """
(a|my|our) (minor|little (girl|boy))
(swallow*|chok*) (_ )?(on|a|the|it|piece)
(mein|meine|unser|unsere) (_ )?(sohn|tochter|kind)(,)? (_ )?(hat|fliegt|reist|ist|bestellt) (_ )?(allein|ohne mein wissen|bestellt)
""",
    "complaint_about_staff": """
(lady|man|woman|guy|person|agent|colleague|manager|employee|driver|cashier|clerk|assistant|guard) (_ )?(laughed at|insulted|shouted at|yelled at|swore at|ignored|mocked|hung up on|was aggressive|was abusive|was (_ )?rude)
""",
}
