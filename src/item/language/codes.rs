//! Which codes name a language: those that may begin a tag (RFC 5646 §2.2.1).

/// Whether a code, in lower case, names a living language: of two letters, or of three where there are none of two.
pub(super) fn is_language(code: &str) -> bool {
    let codes = match code.len() {
        2 => TWO_LETTERS,
        3 => THREE_LETTERS,
        _ => return false,
    };
    codes.as_bytes().chunks(code.len() + 1).any(|known| known.starts_with(code.as_bytes()))
}

/// ISO 639-1.
const TWO_LETTERS: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en \
    eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja \
    jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb \
    nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so \
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Living languages of ISO 639-2 that ISO 639-1 does not know.
const THREE_LETTERS: &str = "\
    ace ach ada ady ain ale alt anp arn arp arw ast awa bal ban bas bej bem bho bik bin bla bra bua bug byn cad \
    car ceb chk chm chn cho chp chr chy crh csb dak dar del den dgr din doi dsb dua dyu efi eka ewo fan fat fil \
    fon frr frs fur gaa gay gba gil gon gor grb gsw gwi hai haw hil hmn hsb hup iba ilo inh jpr jrb kaa kab kac \
    kam kbd kha kmb kok kos kpe krc krl kru kum kut lad lah lam lez lol loz lua lun luo lus mad mag mai mak man \
    mas mdf mdr men mic min mnc mni moh mos mus mwl mwr myv nap nds new nia niu nog nso nym nyn nyo nzi osa pag \
    pam pap pau pon raj rap rar rom rup sad sah sas sat scn sco sel shn sid sma smj smn sms snk srn srr suk sus \
    syr tem ter tet tig tiv tkl tli tmh tog tpi tsi tum tvl tyv udm umb vai vot wal war was xal yao yap zap zen \
    zun";
