//! The most common words of languages in Latin script, by which they are told apart.

/// The first of these languages have many speakers: where one of the others has no more votes, it is none of those.
pub(super) const GREAT: usize = 17;

/// The languages in Latin script that are told apart, in the order of [`STOP_WORDS`].
pub(super) const LATIN_LANGUAGES: [&str; 32] = [
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "fi", "cs", "ro", "tr", "id", "vi", "no", "sk", "sl",
    "hr", "hu", "et", "lv", "lt", "ca", "gl", "eu", "is", "sq", "ga", "cy", "az",
];

/// The most common short words of each language, at most eight bytes each.
pub(super) const STOP_WORDS: [&str; 32] = [
    "the and of to in is was that for with on as by at from has have it this are be were which its will or but not we you \
     they their been all can may a an i how what why who do go am your about more if so my he his",
    "der die das und ist in den von zu mit auf für im dem nicht ein eine sich des als auch wird an nach bei einer wurde \
     werden sind vom zum zur wir aus über oder sowie ihr uns bitte hat sie",
    "le la les des et est dans un une du de en que pour qui par sur au avec ce il sont ses aux cette plus été ont leur nous \
     vous pas elle mais sera ainsi leurs à ou a y",
    "el la los las y en de que un una por con para es del se al como su más fue lo sus este entre ha han será también desde \
     sobre hasta esta pero nos a o si sin entre todos tiene",
    "il la di che e un una per con del della i le è nel dei si gli sono alla da al delle anche lo ha stata stato dell nella \
     dalla questo questa hanno sulla a in o ad ogni",
    "o a os as de do da em que e um uma para com não no na dos das por se ao mais foi pela são está pelo sua seu até ser \
     também sobre ou à",
    "de het een en van in is op te dat die voor met zijn aan er niet door ook bij naar uit om werd wordt heeft deze maar \
     worden hun",
    "w z na i do się nie jest że o dla oraz po od przez za jako są ich tym tego był co roku będzie dniu przy tylko lub była",
    "och att det i på som en är av för med till den har inte om ett de var från vid kan ska eller kommer blir",
    "og i at det på som en er af for med til den har ikke om et de var fra ved kan blev også eller skal bliver \
     sig efter mellem hver",
    "ja on ei että oli se ovat myös joka kuin sekä mutta ole tai jotka hän kun vuoden klo kaikki voi",
    "a v se na je že s z do o ve pro k za by jsou jako po od také byl roku který ze bude nebo při před až",
    "și în de la a cu pe din care este un o pentru nu al prin mai sunt ale fost au sau va vor fi către dintre",
    "ve bir bu için ile da de olarak çok daha olan gibi en sonra ise kadar göre her ne veya ancak tüm yeni günü üzere sayın",
    "dan yang di dengan untuk ini dari pada dalam tidak ke itu oleh adalah akan juga para telah dapat atau kami hari",
    "và của là có các được cho trong một những với không này đã người để tại từ về năm sẽ vào do ngày tháng",
    "og i det på som en er av for med til den har ikke om et de var fra ved kan ble eller skal blir også seg etter \
     vil å nå mer",
    "a v sa na je že s z do o pre k za by sú ako po od tiež aj roku ktorý so alebo pri pred až bude boli ktoré nie",
    "in v je na za se da so z s pri po tudi ki bo kot od do med ali pa leta bodo ter več še iz o ni",
    "i u je na se da za su s od koji iz o kao do po što a će ili koje bi koja samo nije te sa godine prema biti",
    "a az és hogy nem is egy meg de ez volt csak már mint ha vagy el ki fel még kell azt lesz által után szerint \
     ezt",
    "ja on ei et see ka oli kui mis aga või siis oma selle kes nii veel mille pärast ning seda olid aasta välja",
    "un ir ar no par kas ka uz tas lai arī bet kā vai tika gan pie pēc viņa nav savu būs gada bija vairāk",
    "ir yra kad į su iš tai bet kaip buvo apie ar po už taip jau tik nuo arba savo bus metų jų prie visi",
    "el la els les i de que en un una per amb és a del dels al com més ha han són aquest també o però va entre fins \
     seva què",
    "o a os as de do da dos das e que en un unha para con por no na non se ao máis como foi pola polo súa é seu ata \
     tamén sobre entre",
    "eta da ez du bat dira ere izan den hau baina edo dute bere dela egin zen dago duen gure baino arte beste oso \
     zuen",
    "og að í á er sem til við um en það af með fyrir var ekki hann eru þess frá hefur verið eða eftir því hafa þar \
     verður",
    "të e në i dhe për një me se nga si që është më nuk do u ka janë ose kjo ky këtë por tij edhe duhet mund pas",
    "an na agus ar is go i a le do sé bhí tá ag mar ach leis nó ó sin faoi níl gach chun seo den bhfuil raibh",
    "y yn a i ar ac o yr mae ei wedi am gan bod ym eu fel hyn neu sy oedd ond fod bydd nid hefyd roedd gyda dros \
     eich",
    "və bu bir ilə üçün də da ki olan daha o ən hər isə edir olub sonra ya kimi edən ilin qeyd nə var çox onun",
];

/// Finds a stop word; made when the program is.
pub(super) static VOTERS: Voters = Voters::new();

/// A hash table of packed words with open addressing.
pub(super) struct Voters {
    words: [u64; Self::SLOTS],
    languages: [u32; Self::SLOTS],
}

impl Voters {
    const SLOTS: usize = 2048;

    const fn slot(word: u64) -> usize {
        (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 53) as usize % Self::SLOTS
    }

    const fn new() -> Self {
        let mut table = Self { words: [0; Self::SLOTS], languages: [0; Self::SLOTS] };
        let mut language = 0;
        while language < STOP_WORDS.len() {
            let text = STOP_WORDS[language].as_bytes();
            let (mut word, mut length, mut at) = (0_u64, 0, 0);
            while at <= text.len() {
                if at == text.len() || text[at] == b' ' {
                    assert!(0 < length && length <= 8, "a stop word has one to eight bytes");
                    let mut slot = Self::slot(word);
                    while table.words[slot] != 0 && table.words[slot] != word {
                        slot = (slot + 1) % Self::SLOTS;
                    }
                    table.words[slot] = word;
                    table.languages[slot] |= 1 << language;
                    (word, length) = (0, 0);
                } else {
                    word = word << 8 | text[at] as u64;
                    length += 1;
                }
                at += 1;
            }
            language += 1;
        }
        table
    }

    /// The languages that a word votes for, a bit for each.
    pub(super) fn find(&self, word: u64) -> u32 {
        let mut slot = Self::slot(word);
        while self.words[slot] != word {
            if self.words[slot] == 0 {
                return 0;
            }
            slot = (slot + 1) % Self::SLOTS;
        }
        self.languages[slot]
    }
}
