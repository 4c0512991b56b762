//! The configuration on disk: where it is looked for, and the commands that write and check it.

#![expect(clippy::unwrap_used, reason = "a test that cannot prepare its folder has failed")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::{DateTime, Utc};
use feedgen::cli::{check, init};
use feedgen::config::{ConfigError, Environment, Settings, Written, places, schema};

/// A folder of its own for a test, gone after it.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("feedgen-config-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn environment(pairs: &[(&str, &str)]) -> Environment {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

#[test]
fn a_configuration_is_looked_for_from_near_to_far() {
    let folder = Folder::new();
    let home = folder.path("home");
    let variables = environment(&[("HOME", &home)]);
    let title = |named: Option<&Path>, variables: &Environment| {
        let written = Written::load(named, &folder.0, variables).unwrap();
        Settings::resolve(&written).unwrap().site.title
    };
    let write = |name: &str| folder.file(name, &format!("[site]\ntitle = '{name}'\n"));

    // From the farthest to the nearest: each new one wins over those before.
    write("home/.config/feedgen/feedgen.toml");
    assert_eq!(title(None, &variables), "home/.config/feedgen/feedgen.toml");
    write("xdg/feedgen/feedgen.toml");
    let variables = environment(&[("HOME", &home), ("XDG_CONFIG_HOME", &folder.path("xdg"))]);
    assert_eq!(title(None, &variables), "xdg/feedgen/feedgen.toml");
    write("config/feedgen.toml");
    assert_eq!(title(None, &variables), "config/feedgen.toml");
    write("feedgen.toml");
    assert_eq!(title(None, &variables), "feedgen.toml");
    write("by-variable.toml");
    let variables = environment(&[("FEEDGEN_CONFIG", "by-variable.toml")]);
    assert_eq!(title(None, &variables), "by-variable.toml");
    let named = write("by-name.toml");
    assert_eq!(title(Some(&named), &variables), "by-name.toml");

    assert_eq!(places(Path::new(""), &environment(&[])).last().unwrap(), Path::new("/etc/feedgen/feedgen.toml"));
    let relative = environment(&[("XDG_CONFIG_HOME", "relative"), ("HOME", "/home/bee")]);
    assert_eq!(places(Path::new(""), &relative)[2], Path::new("/home/bee/.config/feedgen/feedgen.toml"));
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let folder = Folder::new();
    let missing = PathBuf::from(folder.path("missing.toml"));
    let by_name = Written::load(Some(&missing), &folder.0, &environment(&[])).unwrap_err();
    let by_variable = Written::load(None, &folder.0, &environment(&[("FEEDGEN_CONFIG", "missing.toml")])).unwrap_err();
    for error in [by_name, by_variable] {
        assert!(matches!(&error, ConfigError::Unreadable { path, .. } if *path == missing), "{error}");
    }
    // One that is there and cannot be read is not passed over.
    fs::create_dir(folder.0.join("feedgen.toml")).unwrap();
    assert!(Written::load(None, &folder.0, &environment(&[])).is_err());
}

#[test]
fn categories_beside_the_file_are_found() {
    let folder = Folder::new();
    let file = folder.file("feedgen.toml", "");
    let vocabulary = || Settings::load(Some(&file), &environment(&[])).unwrap().vocabulary_path;
    assert_eq!(vocabulary(), None);
    let beside = folder.file("categories.toml", "");
    assert_eq!(vocabulary(), Some(beside));
}

#[test]
fn init_sets_up_a_folder_that_checks() {
    let folder = Folder::new();
    let site = folder.0.join("site");
    let told = init::run(&site, Some("https://news.lakeside.example/feeds"), now()).unwrap();
    assert_eq!(told.matches("created: ").count(), 3, "{told}");
    assert_eq!(fs::read_dir(site.join("news")).unwrap().count(), 0, "nothing is published by surprise");
    assert_eq!(fs::read_to_string(site.join("feedgen.schema.json")).unwrap(), schema());

    let settings = Settings::load(Some(&site.join("feedgen.toml")), &environment(&[])).unwrap();
    assert_eq!(settings.site.url.as_str(), "https://news.lakeside.example/feeds/");
    assert_eq!(settings.site.authority.as_deref(), Some("news.lakeside.example,2026"));
    let defaults = Settings::from_text("", "", &environment(&[])).unwrap();
    assert_eq!(format!("{:?}", settings.sources), format!("{:?}", defaults.sources));
}

#[test]
fn init_without_an_address_leaves_the_authority_open() {
    let folder = Folder::new();
    let told = init::run(&folder.0, None, now()).unwrap();
    assert!(told.contains("Next: set site.url in feedgen.toml"), "{told}");
    let text = fs::read_to_string(folder.0.join("feedgen.toml")).unwrap();
    assert!(text.contains("\n# authority = "), "{text}");
    // An address in numbers belongs to nobody for long.
    let numbers = Folder::new();
    init::run(&numbers.0, Some("http://192.0.2.7:8077/"), now()).unwrap();
    assert!(fs::read_to_string(numbers.0.join("feedgen.toml")).unwrap().contains("\n# authority = "));
}

#[test]
fn init_overwrites_nothing() {
    let folder = Folder::new();
    let mine = folder.file("feedgen.toml", "# mine\n");
    let told = init::run(&folder.0, None, now()).unwrap();
    assert_eq!(fs::read_to_string(&mine).unwrap(), "# mine\n");
    assert!(told.contains(&format!("left as it is: {}\n", mine.display())), "{told}");
    let again = init::run(&folder.0, None, now()).unwrap();
    assert!(!again.contains("created"), "{again}");
}

#[test]
fn init_tells_what_stands_in_its_way() {
    let folder = Folder::new();
    let file = folder.file("file", "");
    assert!(init::run(&file, None, now()).unwrap_err().to_string().starts_with("cannot create "));
    let error = init::run(&folder.0, Some("lakeside"), now()).unwrap_err().to_string();
    assert!(error.starts_with("--url: \"lakeside\" does not start with https://"), "{error}");
    assert!(!folder.0.join("feedgen.toml").exists());
}

#[test]
fn check_looks_at_every_folder() {
    let folder = Folder::new();
    folder.file("bees/a.txt", "A bee.");
    folder.file("bees/b.txt", "Two bees.");
    folder.file("file", "");
    folder.file("blocked", "");
    let text = format!(
        "[publish]\ndirectory = '{0}/blocked/feeds'\n[store]\npath = '{0}/state/x.db'\n\
         [[source]]\nid = 'bees'\nfiles = '{0}/bees'\n[[source]]\nid = 'gone'\nfiles = '{0}/gone'\n\
         [[source]]\nid = 'file'\nfiles = '{0}/file'\n[[source]]\nid = 'empty'\nfiles = '{0}/bees/*.md'\n",
        folder.0.display()
    );
    let file = folder.file("feedgen.toml", &text);
    let checked = check::run(Some(&file), &environment(&[])).unwrap();
    let text = checked.text.replace(folder.0.to_str().unwrap(), "@");
    assert_eq!(
        text,
        "ok       configuration      @/feedgen.toml has no errors
ok       source bees        2 documents in @/bees
wrong    source gone        cannot read @/gone: No such file or directory (os error 2); create the folder or mend `files`
wrong    source file        @/file is no folder; mend `files`
warning  source empty       *.md in @/bees matches no document yet
wrong    publish.directory  @/blocked/feeds cannot be created: @/blocked is no folder; move it away
ok       store.path         @/state/x.db will be created

Next: mend what is wrong, and check again.
"
    );
    assert!(!checked.sound);
    assert!(!folder.0.join("state").exists(), "a check writes nothing");
}

#[test]
fn check_is_content_with_what_works_and_hands_on_warnings() {
    let folder = Folder::new();
    folder.file("bees/a.txt", "A bee.");
    let text = format!(
        "[publish]\ndirectory = '{0}/feeds'\n[store]\npath = '{0}/x.db'\n[[source]]\nid = 'bees'\nfiles = '{0}/bees'\n\
         [[feed]]\nid = 'x'\ncategories = ['nws']\n",
        folder.0.display()
    );
    let file = folder.file("feedgen.toml", &text);
    let checked = check::run(Some(&file), &environment(&[])).unwrap();
    assert!(checked.sound && checked.text.ends_with("\nNext: run `feedgen refresh`.\n"), "{}", checked.text);
    assert!(checked.text.starts_with("warning: ") && checked.text.contains("did you mean \"news\"?"));

    let effective = check::effective(Some(&file), &environment(&[])).unwrap();
    assert!(effective.contains(&format!("id = \"bees\"  # {}:6\n", file.display())), "{effective}");
    folder.file("feedgen.toml", "[sit]\n[stor]\n");
    let error = check::run(Some(&file), &environment(&[])).unwrap_err().to_string();
    assert!(error.ends_with("2 errors in the configuration"), "{error}");
}

/// Whoever opened one of these would wait for the other end, or read for ever.
#[test]
fn a_configuration_is_a_file() {
    let folder = Folder::new();
    let check = |path: &Path, expected: &str| match Written::load(Some(path), &folder.0, &Environment::new()) {
        Ok(_) => assert_eq!("", expected, "{}", path.display()),
        Err(error) => {
            let told = error.to_string();
            assert!(told.starts_with(&format!("cannot read {}: {expected}", path.display())), "{told}");
        }
    };
    let pipe = folder.0.join("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    check(&pipe, "it is a pipe: write the configuration to a file");
    let socket = folder.0.join("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    check(&socket, "it is a socket");
    check(Path::new("/dev/zero"), "it is a device");
    let large = folder.0.join("large");
    fs::File::create(&large).unwrap().set_len(1 << 30).unwrap();
    check(&large, "it is larger than 64 MB");
    check(&folder.0, "Is a directory");
    check(Path::new("/dev/null"), "");
    check(&folder.file("feedgen.toml", ""), "");
}
