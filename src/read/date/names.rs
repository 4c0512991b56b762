//! The names of months and of days of the week, by language, in the shapes in which they stand in dates.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::Weekday;
use unicode_normalization::UnicodeNormalization;

use super::relative;
use super::vocabulary::{self, Caution, Word};

/// The months of each language from January on: whole, inflected as in a date, and cut short. The words of one name are
/// joined by `_`.
const MONTHS: &str = "
en: january jan | february feb | march mar | april apr | may | june jun | july jul | august aug | september sept sep | october oct | november nov | december dec
de: januar jänner | februar feber | märz mrz maerz | april | mai | juni | juli | august | september | oktober okt | november | dezember dez
lb: januar | februar | mäerz | abrëll | mee | juni | juli | august | september | oktober | november | dezember
nl: januari | februari | maart mrt | april | mei | juni | juli | augustus | september | oktober | november | december
af: januarie | februarie | maart | april | mei | junie | julie | augustus | september | oktober | november | desember des
fr: janvier janv | février févr fév | mars | avril avr | mai | juin | juillet juil | août | septembre | octobre | novembre | décembre déc
it: gennaio gen | febbraio febbr | marzo | aprile | maggio mag | giugno giu | luglio lug | agosto | settembre sett set | ottobre ott | novembre | dicembre dic
es: enero ene | febrero | marzo | abril abr | mayo | junio | julio | agosto ago | septiembre setiembre | octubre | noviembre | diciembre
pt: janeiro | fevereiro fev | março | abril | maio | junho | julho | agosto | setembro | outubro out | novembro | dezembro
gl: xaneiro xan | febreiro | marzo | abril | maio | xuño xuñ | xullo xul | agosto | setembro | outubro | novembro | decembro
ca: gener | febrer febr | març | abril | maig | juny | juliol | agost | setembre | octubre | novembre | desembre
ro: ianuarie ian | februarie febr | martie | aprilie | mai | iunie iun | iulie iul | august | septembrie | octombrie | noiembrie noi | decembrie
eu: urtarrila urtarrilak urtarrilaren urt | otsaila otsailak otsailaren ots | martxoa martxoak martxoaren | apirila apirilak apirilaren api | maiatza maiatzak maiatzaren | ekaina ekainak ekainaren eka | uztaila uztailak uztailaren uzt | abuztua abuztuak abuztuaren abu | iraila irailak irailaren ira | urria urriak urriaren urr | azaroa azaroak azaroaren aza | abendua abenduak abenduaren abe
sv: januari | februari | mars | april | maj | juni | juli | augusti | september | oktober | november | december
da: januar | februar | marts | april | maj | juni | juli | august | september | oktober | november | december
no: januar | februar | mars | april | mai | juni | juli | august | september | oktober | november | desember
is: janúar | febrúar | mars | apríl | maí | júní | júlí | ágúst ágú | september | október | nóvember | desember
fi: tammikuuta tammikuu tammikuun tammi | helmikuuta helmikuu helmikuun helmi | maaliskuuta maaliskuu maaliskuun maalis | huhtikuuta huhtikuu huhtikuun huhti | toukokuuta toukokuu toukokuun touko | kesäkuuta kesäkuu kesäkuun kesä | heinäkuuta heinäkuu heinäkuun heinä | elokuuta elokuu elokuun elo | syyskuuta syyskuu syyskuun syys | lokakuuta lokakuu lokakuun loka | marraskuuta marraskuu marraskuun marras | joulukuuta joulukuu joulukuun joulu
et: jaanuar jaan | veebruar veebr | märts | aprill | mai | juuni | juuli | august | september | oktoober | november | detsember dets
lv: janvāris janvārī | februāris februārī | marts martā | aprīlis aprīlī | maijs maijā | jūnijs jūnijā jūn | jūlijs jūlijā jūl | augusts augustā | septembris septembrī | oktobris oktobrī | novembris novembrī | decembris decembrī
lt: sausio sausis saus | vasario vasaris vas | kovo kovas kov | balandžio balandis bal | gegužės gegužė geg | birželio birželis birž | liepos liepa liep | rugpjūčio rugpjūtis rugp | rugsėjo rugsėjis rugs | spalio spalis spal | lapkričio lapkritis lapkr | gruodžio gruodis gruod
pl: stycznia styczeń sty | lutego luty lut | marca marzec | kwietnia kwiecień kwi | maja maj | czerwca czerwiec cze | lipca lipiec lip | sierpnia sierpień sie | września wrzesień wrz | października październik paź | listopada listopad lis | grudnia grudzień gru
cs: ledna leden | února únor | března březen | dubna duben | května květen kvě | června červen čvn | července červenec čvc | srpna srpen | září | října říjen | listopadu listopad | prosince prosinec
sk: januára január | februára február | marca marec | apríla apríl | mája máj | júna jún | júla júl | augusta august | septembra september | októbra október | novembra november | decembra december
sl: januarja januar | februarja februar | marca marec | aprila april | maja maj | junija junij | julija julij | avgusta avgust avg | septembra | oktobra | novembra | decembra
hr: siječnja siječanj sij | veljače veljača velj | ožujka ožujak ožu | travnja travanj tra | svibnja svibanj svi | lipnja lipanj | srpnja srpanj | kolovoza kolovoz kol | rujna rujan ruj |  | studenoga studenog studeni stu | prosinca prosinac
sr: januara januar | februara februar | marta mart | aprila april | maja maj | juna jun juni | jula jul juli | avgusta avgust augusta | septembra septembar | oktobra oktobar | novembra novembar | decembra decembar
sr-Cyrl: јануара јануар јан | фебруара фебруар феб | марта март мар | априла април апр | маја мај | јуна јун јуни | јула јул јули | августа август авг | септембра септембар сеп | октобра октобар окт | новембра новембар нов | децембра децембар дец
mk: јануари | февруари фев | март | април | мај | јуни | јули | август | септември септ | октомври | ноември ное | декември дек
bg: януари яну | февруари | март | април | май | юни | юли | август | септември | октомври | ноември | декември
ru: января январь янв | февраля февраль февр | марта март | апреля апрель | мая май | июня июнь июн | июля июль июл | августа август | сентября сентябрь сент сен | октября октябрь | ноября ноябрь нояб ноя | декабря декабрь
uk: січня січень січ | лютого лютий лют | березня березень бер | квітня квітень квіт | травня травень трав | червня червень черв | липня липень лип | серпня серпень серп | вересня вересень вер | жовтня жовтень жовт | листопада листопад лист | грудня грудень груд
be: студзеня студзень | лютага люты | сакавіка сакавік | красавіка красавік | мая травеня | чэрвеня чэрвень | ліпеня ліпень | жніўня жнівень | верасня верасень | кастрычніка кастрычнік | лістапада лістапад | снежня снежань
el: ιανουαρίου ιανουάριος ιαν | φεβρουαρίου φεβρουάριος φεβ | μαρτίου μάρτιος μαρ | απριλίου απρίλιος απρ | μαΐου μάιος μαϊ | ιουνίου ιούνιος ιουν | ιουλίου ιούλιος ιουλ | αυγούστου αύγουστος αυγ | σεπτεμβρίου σεπτέμβριος σεπτ σεπ | οκτωβρίου οκτώβριος οκτ | νοεμβρίου νοέμβριος νοε | δεκεμβρίου δεκέμβριος δεκ
hu: január | február febr | március márc | április ápr | május máj | június jún | július júl | augusztus | szeptember szept | október | november | december
mt: jannar | frar | marzu | april | mejju | ġunju | lulju | awwissu | settembru | ottubru | novembru | diċembru
ga: eanáir | feabhra | márta mhárta | aibreán | bealtaine bhealtaine | meitheamh mheitheamh | iúil | lúnasa | meán_fómhair mheán_fómhair | deireadh_fómhair dheireadh_fómhair | samhain samhna shamhain | nollaig nollag
cy: ionawr | chwefror chwef | mawrth | ebrill | mai | mehefin | gorffennaf gorff | awst | medi | hydref | tachwedd tach | rhagfyr rhag
sq: janar | shkurt | mars | prill | maj | qershor | korrik | gusht | shtator | tetor | nëntor | dhjetor
tr: ocak oca | şubat şub | mart | nisan nis | mayıs | haziran haz | temmuz tem | ağustos ağu | eylül eyl | ekim eki | kasım kas | aralık ara
az: yanvar yan | fevral | mart | aprel | may | iyun iyn | iyul iyl | avqust avq | sentyabr sen | oktyabr | noyabr noy | dekabr dek
uz: yanvar | fevral | mart | aprel | may | iyun | iyul | avgust | sentabr sentyabr | oktabr oktyabr | noyabr | dekabr
kk: қаңтар | ақпан | наурыз | сәуір | мамыр | маусым | шілде | тамыз | қыркүйек | қазан | қараша | желтоқсан
ka: იანვარი იანვრის იან | თებერვალი თებერვლის თებ | მარტი მარტის მარ | აპრილი აპრილის აპრ | მაისი მაისის მაი | ივნისი ივნისის ივნ | ივლისი ივლისის ივლ | აგვისტო აგვისტოს აგვ | სექტემბერი სექტემბრის სექ | ოქტომბერი ოქტომბრის ოქტ | ნოემბერი ნოემბრის ნოე | დეკემბერი დეკემბრის დეკ
hy: հունվար հունվարի հնվ | փետրվար փետրվարի փտվ | մարտ մարտի մրտ | ապրիլ ապրիլի ապր | մայիս մայիսի մյս | հունիս հունիսի հնս | հուլիս հուլիսի հլս | օգոստոս օգոստոսի օգս | սեպտեմբեր սեպտեմբերի սեպ | հոկտեմբեր հոկտեմբերի հոկ | նոյեմբեր նոյեմբերի նոյ | դեկտեմբեր դեկտեմբերի դեկ
ar: يناير كانون_الثاني جانفي | فبراير شباط فيفري | مارس آذار | أبريل نيسان أفريل | مايو أيار ماي | يونيو حزيران جوان | يوليو تموز جويلية يوليوز | أغسطس آب أوت غشت | سبتمبر أيلول شتنبر | أكتوبر تشرين_الأول | نوفمبر تشرين_الثاني نونبر | ديسمبر كانون_الأول دجنبر
he: ינואר ינו | פברואר פבר | מרץ מרס מארס | אפריל אפר | מאי | יוני | יולי | אוגוסט אוג | ספטמבר ספט | אוקטובר אוק | נובמבר נוב | דצמבר דצמ
fa: ژانویه | فوریه | مارس | آوریل | مه | ژوئن | ژوئیه جولای | اوت آگوست | سپتامبر | اکتبر | نوامبر | دسامبر
ur: جنوری | فروری | مارچ | اپریل | مئی | جون | جولائی | اگست | ستمبر | اکتوبر | نومبر | دسمبر
hi: जनवरी | फरवरी फ़रवरी फ़र | मार्च | अप्रैल | मई | जून | जुलाई जुल | अगस्त अग | सितंबर सितम्बर सित | अक्टूबर अक्तूबर अक्तू | नवंबर नवम्बर नव | दिसंबर दिसम्बर दिस
mr: जानेवारी | फेब्रुवारी | मार्च | एप्रिल | मे | जून | जुलै | ऑगस्ट | सप्टेंबर | ऑक्टोबर | नोव्हेंबर | डिसेंबर
ne: जनवरी | फेब्रुअरी | मार्च | अप्रिल | मे | जुन | जुलाई | अगस्ट | सेप्टेम्बर | अक्टोबर | नोभेम्बर | डिसेम्बर
bn: জানুয়ারি জানুয়ারী | ফেব্রুয়ারি ফেব্রুয়ারী | মার্চ | এপ্রিল | মে | জুন | জুলাই | আগস্ট | সেপ্টেম্বর | অক্টোবর | নভেম্বর | ডিসেম্বর
pa: ਜਨਵਰੀ | ਫ਼ਰਵਰੀ ਫਰਵਰੀ | ਮਾਰਚ | ਅਪ੍ਰੈਲ | ਮਈ | ਜੂਨ | ਜੁਲਾਈ | ਅਗਸਤ | ਸਤੰਬਰ | ਅਕਤੂਬਰ | ਨਵੰਬਰ | ਦਸੰਬਰ
gu: જાન્યુઆરી | ફેબ્રુઆરી | માર્ચ | એપ્રિલ | મે | જૂન | જુલાઈ | ઑગસ્ટ ઓગસ્ટ | સપ્ટેમ્બર | ઑક્ટોબર ઓક્ટોબર | નવેમ્બર | ડિસેમ્બર
ta: ஜனவரி ஜன | பிப்ரவரி பிப் | மார்ச் மார் | ஏப்ரல் ஏப் | மே | ஜூன் | ஜூலை | ஆகஸ்ட் ஆக | செப்டம்பர் செப் | அக்டோபர் அக் | நவம்பர் நவ | டிசம்பர் டிச
te: జనవరి | ఫిబ్రవరి | మార్చి | ఏప్రిల్ | మే | జూన్ | జులై జూలై | ఆగస్టు | సెప్టెంబర్ | అక్టోబర్ | నవంబర్ | డిసెంబర్
kn: ಜನವರಿ | ಫೆಬ್ರವರಿ | ಮಾರ್ಚ್ | ಏಪ್ರಿಲ್ | ಮೇ | ಜೂನ್ | ಜುಲೈ | ಆಗಸ್ಟ್ | ಸೆಪ್ಟೆಂಬರ್ | ಅಕ್ಟೋಬರ್ | ನವೆಂಬರ್ | ಡಿಸೆಂಬರ್
ml: ജനുവരി | ഫെബ്രുവരി | മാർച്ച് | ഏപ്രിൽ | മേയ് മെയ് | ജൂൺ | ജൂലൈ | ഓഗസ്റ്റ് | സെപ്റ്റംബർ | ഒക്ടോബർ | നവംബർ | ഡിസംബർ
si: ජනවාරි | පෙබරවාරි | මාර්තු | අප්‍රේල් | මැයි | ජූනි | ජූලි | අගෝස්තු | සැප්තැම්බර් | ඔක්තෝබර් | නොවැම්බර් | දෙසැම්බර්
th: มกราคม ม.ค | กุมภาพันธ์ ก.พ | มีนาคม มี.ค | เมษายน เม.ย | พฤษภาคม พ.ค | มิถุนายน มิ.ย | กรกฎาคม ก.ค | สิงหาคม ส.ค | กันยายน ก.ย | ตุลาคม ต.ค | พฤศจิกายน พ.ย | ธันวาคม ธ.ค
lo: ມັງກອນ | ກຸມພາ | ມີນາ | ເມສາ | ພຶດສະພາ | ມິຖຸນາ | ກໍລະກົດ | ສິງຫາ | ກັນຍາ | ຕຸລາ | ພະຈິກ | ທັນວາ
km: មករា | កុម្ភៈ | មីនា | មេសា | ឧសភា | មិថុនា | កក្កដា | សីហា | កញ្ញា | តុលា | វិច្ឆិកា | ធ្នូ
vi: tháng_một tháng_giêng | tháng_hai | tháng_ba | tháng_tư | tháng_năm | tháng_sáu | tháng_bảy | tháng_tám | tháng_chín | tháng_mười | tháng_mười_một | tháng_mười_hai
id: januari | februari pebruari | maret | april | mei | juni | juli | agustus agt agu | september | oktober | november nopember | desember
ms: januari | februari | mac | april | mei | jun | julai | ogos ogo | september | oktober | november | disember dis
tl: enero | pebrero | marso | abril | mayo | hunyo | hulyo | agosto | setyembre | oktubre | nobyembre | disyembre
sw: januari | februari | machi | aprili | mei | juni | julai | agosti | septemba | oktoba | novemba | desemba
";

/// The days of the week of each language from Monday on.
const WEEKDAYS: &str = "
en: monday mon | tuesday tues tue | wednesday wed | thursday thurs thur thu | friday fri | saturday sat | sunday sun
de: montag | dienstag | mittwoch | donnerstag | freitag | samstag sonnabend | sonntag
nl: maandag | dinsdag | woensdag | donderdag | vrijdag | zaterdag | zondag
fr: lundi lun | mardi | mercredi | jeudi jeu | vendredi ven | samedi | dimanche
it: lunedì | martedì | mercoledì | giovedì gio | venerdì | sabato | domenica
es: lunes | martes | miércoles | jueves jue | viernes vie | sábado sáb | domingo
pt: segunda-feira segunda | terça-feira terça | quarta-feira quarta | quinta-feira quinta | sexta-feira sexta | sábado | domingo
gl: luns | martes | mércores | xoves | venres | sábado | domingo
ca: dilluns | dimarts | dimecres | dijous | divendres | dissabte | diumenge
ro: luni | marți | miercuri | joi | vineri | sâmbătă | duminică
eu: astelehena | asteartea | asteazkena | osteguna | ostirala | larunbata | igandea
sv: måndag | tisdag | onsdag | torsdag | fredag | lördag | söndag
da: mandag | tirsdag | onsdag | torsdag | fredag | lørdag | søndag
is: mánudagur | þriðjudagur | miðvikudagur | fimmtudagur | föstudagur | laugardagur | sunnudagur
fi: maanantai maanantaina | tiistai tiistaina | keskiviikko keskiviikkona | torstai torstaina | perjantai perjantaina | lauantai lauantaina | sunnuntai sunnuntaina
et: esmaspäev | teisipäev | kolmapäev | neljapäev | reede | laupäev | pühapäev
lv: pirmdiena | otrdiena | trešdiena | ceturtdiena | piektdiena | sestdiena | svētdiena
lt: pirmadienis | antradienis | trečiadienis | ketvirtadienis | penktadienis | šeštadienis | sekmadienis
pl: poniedziałek | wtorek | środa | czwartek | piątek | sobota | niedziela
cs: pondělí | úterý | středa | čtvrtek | pátek | sobota | neděle
sk: pondelok | utorok | streda | štvrtok | piatok | sobota | nedeľa
sl: ponedeljek | torek | sreda | četrtek | petek | sobota | nedelja
hr: ponedjeljak ponedeljak | utorak | srijeda | četvrtak | petak | subota | nedjelja
sr: понедељак | уторак | среда | четвртак | петак | субота | недеља
bg: понеделник | вторник | сряда | четвъртък | петък | събота | неделя
ru: понедельник | вторник | среда среду | четверг | пятница пятницу | суббота субботу | воскресенье
uk: понеділок | вівторок | середа | четвер | пятниця | субота | неділя
el: δευτέρα | τρίτη | τετάρτη | πέμπτη | παρασκευή | σάββατο | κυριακή
hu: hétfő | kedd | szerda | csütörtök | péntek | szombat | vasárnap
tr: pazartesi | salı | çarşamba | perşembe | cuma | cumartesi | pazar
ar: الاثنين الإثنين | الثلاثاء | الأربعاء | الخميس | الجمعة | السبت | الأحد
fa: دوشنبه | سه‌شنبه | چهارشنبه | پنجشنبه پنج‌شنبه | جمعه | شنبه | یکشنبه
hi: सोमवार | मंगलवार | बुधवार | गुरुवार | शुक्रवार | शनिवार | रविवार
id: senin | selasa | rabu | kamis | jumat | sabtu | minggu
ms: isnin | selasa | rabu | khamis | jumaat | sabtu | ahad
th: จันทร์ วันจันทร์ | อังคาร วันอังคาร | พุธ วันพุธ | พฤหัสบดี วันพฤหัสบดี | ศุกร์ วันศุกร์ | เสาร์ วันเสาร์ | อาทิตย์ วันอาทิตย์
";

/// Months whose names are other words as well, of the same language or of others, without marks on their letters.
const CAUTIONS: [(Caution, &str); 3] = [
    (Caution::Small, "leden may march mar"),
    (Caution::Large, "augusta augustus julija maija maj maja marc mars marta mayo ott yan марта мая"),
    (
        Caution::Always,
        "abe abu ago api ara aza avg bal bealtaine cze des dis eka eki elo ene geg gen gorff gru haz heina helmi \
         huhti ian ira joulu julie kas kesa kol kov kwi lip lis loka lug lut luty maalis mac mag marca marras mart \
         medi mee nis nisan noi noy oca ots out ozu paz rhag rijen ruj samhain saus sen set sett sie sij spal stu \
         studeni sty sub svi syys tammi tem touko tra urr urt uzt vas velj бер вер груд жовт квіт лип лист лют нов \
         серп січ трав черв اب جوان مه नव ஆக",
    ),
];

/// What is known of a word that names begin with.
#[derive(Clone, Copy, Debug, Default)]
struct Name {
    /// What it means alone.
    word: Option<Word>,
    /// Whether it goes on in another word, as in "Deireadh Fómhair".
    goes_on: bool,
}

/// All words of dates, folded, with what they mean; of several meanings, the first by this order.
static NAMES: LazyLock<HashMap<String, Name>> = LazyLock::new(|| {
    let mut names = HashMap::<String, Name>::new();
    let mut add = |name: &str, word: Word| {
        let name = fold(name);
        for (end, _) in name.match_indices([' ', '.']) {
            names.entry(name.get(..end).unwrap_or_default().to_owned()).or_default().goes_on = true;
        }
        names.entry(name).or_default().word.get_or_insert(word);
    };
    for (name, word) in vocabulary::WORDS {
        add(name, *word);
    }
    for name in relative::words_before() {
        add(name, Word::Before);
    }
    let cautions: HashMap<&str, Caution> =
        CAUTIONS.iter().flat_map(|(caution, words)| words.split(' ').map(|word| (word, *caution))).collect();
    for (month, name) in columns(MONTHS) {
        let folded = fold(&name);
        // "6 tháng một lần": once in six months.
        let unlisted = if folded.starts_with("thang ") { Caution::Small } else { Caution::Clear };
        let caution = cautions.get(folded.as_str()).copied().unwrap_or(unlisted);
        add(&name, Word::Month(u32::from(month) + 1, caution));
        // The prefixed "in" and "to" of Hebrew.
        if name.starts_with(|c| matches!(c, 'א'..='ת')) {
            for prefix in ["ב", "ל"] {
                add(&format!("{prefix}{name}"), Word::Month(u32::from(month) + 1, caution));
            }
        }
    }
    for (day, name) in columns(WEEKDAYS) {
        if let Ok(day) = Weekday::try_from(day) {
            add(&name, Word::Weekday(day));
        }
    }
    names
});

/// The names in a table, with the numbers of their columns from 0 on.
fn columns(table: &'static str) -> impl Iterator<Item = (u8, String)> {
    let rows = table.lines().filter_map(|row| row.split_once(": "));
    rows.flat_map(|(_, row)| {
        (0..)
            .zip(row.split('|'))
            .flat_map(|(column, names)| names.split_whitespace().map(move |name| (column, name.replace('_', " "))))
    })
}

/// One bit for each three plain letters that a date can begin with.
static BEGINNINGS: LazyLock<[u64; 26 * 26 * 26 / 64 + 1]> = LazyLock::new(|| {
    let mut bits = [0; 26 * 26 * 26 / 64 + 1];
    for (name, known) in NAMES.iter() {
        if let (true, Some(place)) = (known.word.is_none_or(begins), beginning(name.as_bytes())) {
            bits[place / 64] |= 1 << (place % 64);
        }
    }
    bits
});

fn begins(word: Word) -> bool {
    use Word::{Before, Day, Half, Last, LoneDay, Month, Number, Season, Weekday};
    matches!(word, Month(..) | Weekday(_) | Season | Number(_) | Before | Day(_) | LoneDay(_) | Last | Half)
}

/// The place in [`BEGINNINGS`] of a word's first three letters. `None`: they are not all plain letters.
fn beginning(word: &[u8]) -> Option<usize> {
    let letter = |byte: u8| byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_lowercase() - b'a'));
    match word {
        [first, second, third, ..] => Some((letter(*first)? * 26 + letter(*second)?) * 26 + letter(*third)?),
        _ => None,
    }
}

/// Whether a date may begin with the word that these bytes begin with. Quick, and never wrongly `false`.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    match (bytes, beginning(bytes)) {
        (_, Some(place)) => BEGINNINGS[place / 64] & (1 << (place % 64)) != 0,
        // "a day", "an hour", "il y a", "i dag", and no other word of so few letters.
        ([b'a' | b'A', b' ', unit, ..] | [b'a' | b'A', b'n', b' ', unit, ..], None) => b"dhmswy".contains(unit),
        ([b'i' | b'I', b'l', b' ', b'y', b' ', b'a', ..] | [b'i' | b'I', b' ', b'd' | b'g', ..], None) => true,
        ([first, second, third, ..], None) => !(first.is_ascii() && second.is_ascii() && third.is_ascii()),
        _ => false,
    }
}

/// A word in small letters and without the marks on them, which those who write in a hurry leave out, and capital letters in
/// Greek; Arabic letters that are written alike are one.
pub(super) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let letters = word.chars().flat_map(char::to_lowercase).nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    letters
        .map(|c| match c {
            'ı' => 'i',
            'ς' => 'σ',
            'ی' => 'ي',
            'ک' => 'ك',
            c => c,
        })
        .filter(|c| !matches!(c, '\u{653}'..='\u{655}'))
        .collect()
}

/// What a word means, in letters of any case.
pub(super) fn meaning(word: &str) -> Option<Word> {
    NAMES.get(&fold(word))?.word
}

/// Whether a word begins a name of several.
pub(super) fn goes_on(words: &str) -> bool {
    NAMES.get(&fold(words)).is_some_and(|name| name.goes_on)
}

/// The month that a name names, 1 to 12, and whether it may be another word and counts only with day and year.
pub(super) fn month(name: &str) -> Option<(u32, bool)> {
    let Word::Month(month, caution) = meaning(name)? else { return None };
    let small = name.starts_with(char::is_lowercase);
    let doubtful = match caution {
        Caution::Clear => false,
        Caution::Small => small,
        Caution::Large => !small,
        Caution::Always => true,
    };
    Some((month, doubtful))
}

/// The month behind the number of a day and its full stop, by which Croatian, where the number is an ordinal, is told from Polish:
/// what is October there is November here.
pub(super) fn month_behind_ordinal(name: &str) -> Option<u32> {
    match fold(name).as_str() {
        "listopada" => Some(10),
        "lip" => Some(6),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::{CAUTIONS, MONTHS, NAMES, WEEKDAYS, columns, fold};
    use crate::read::date::vocabulary::Word;

    #[test]
    fn a_name_means_one_thing() {
        for (table, width) in [(MONTHS, 12), (WEEKDAYS, 7)] {
            for row in table.lines().filter(|row| !row.is_empty()) {
                assert_eq!(row.split('|').count(), width, "{row}");
            }
        }
        let mut known = HashMap::new();
        for (kind, table) in [("month", MONTHS), ("weekday", WEEKDAYS)] {
            for (column, name) in columns(table) {
                let told = *known.entry(fold(&name)).or_insert((kind, column));
                assert_eq!(told, (kind, column), "{name}");
                // Other words come first.
                let word = NAMES.get(&fold(&name)).and_then(|name| name.word);
                assert!(matches!(word, Some(Word::Month(..) | Word::Weekday(_))), "{name} {word:?}");
            }
        }
        for word in CAUTIONS.iter().flat_map(|(_, words)| words.split(' ')) {
            assert!(known.contains_key(word), "{word}");
        }
    }
}
