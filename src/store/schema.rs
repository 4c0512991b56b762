//! The tables, and how older ones become newer ones.

/// One step for each version of the schema: the step at `n` makes version `n + 1` out of version `n`.
pub(super) const MIGRATIONS: &[&str] = &[
    // 1
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

     -- Every file that was read: its stamp vouches for the item, and is written in the same transaction.
     CREATE TABLE document (
         source TEXT NOT NULL, path BLOB NOT NULL,
         size INTEGER NOT NULL, modified INTEGER NOT NULL, inode INTEGER NOT NULL, sidecar INTEGER NOT NULL,
         content BLOB NOT NULL, item INTEGER, note TEXT,
         PRIMARY KEY (source, path)
     ) WITHOUT ROWID;

     -- `item` is the key as a number. `place` is the path that leads to it now. `change` counts up with every change of
     -- any item. `print` was a hash of the row.
     CREATE TABLE item (
         id INTEGER PRIMARY KEY,
         item INTEGER NOT NULL UNIQUE, source TEXT NOT NULL, place BLOB NOT NULL,
         title TEXT NOT NULL, link TEXT, content TEXT NOT NULL, details TEXT NOT NULL,
         published INTEGER NOT NULL, updated INTEGER NOT NULL, moment TEXT NOT NULL, evidence TEXT NOT NULL,
         fingerprint BLOB NOT NULL, twin BLOB, channels TEXT NOT NULL,
         original INTEGER, change INTEGER NOT NULL, print BLOB NOT NULL
     );
     CREATE INDEX item_change ON item (change);
     CREATE INDEX item_twin ON item (twin) WHERE twin IS NOT NULL;
     CREATE INDEX item_link ON item (link) WHERE link IS NOT NULL;
     CREATE INDEX item_original ON item (original) WHERE original IS NOT NULL;

     CREATE TABLE channel (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, items INTEGER NOT NULL);
     CREATE TABLE member (
         channel INTEGER NOT NULL, published INTEGER NOT NULL, item INTEGER NOT NULL,
         PRIMARY KEY (channel, published, item)
     ) WITHOUT ROWID;

     -- What lies in the publish directory: while a file looks so and its signature holds, it is not rendered.
     CREATE TABLE published (
         path TEXT PRIMARY KEY, signature BLOB NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL
     ) WITHOUT ROWID;

     -- What the last walk said of each source.
     CREATE TABLE visit (
         source TEXT PRIMARY KEY, walked INTEGER NOT NULL, succeeded INTEGER, documents INTEGER NOT NULL, error TEXT, since INTEGER
     ) WITHOUT ROWID;",
    // 2: when the file of a document was made, nanoseconds since 1970; copies in the order of their keys; the channels in
    // which an earlier copy stands for an item.
    "ALTER TABLE document ADD COLUMN born INTEGER;
     ALTER TABLE item ADD COLUMN hidden TEXT NOT NULL DEFAULT '';
     DROP INDEX item_original;
     CREATE INDEX item_original ON item (original, item) WHERE original IS NOT NULL;",
    // 3: feeds of others. `guid` is the id that an upstream gave its item, `entry` tells that it came from a feed. A `name` is a hash of something else that an item
    // of an upstream is known by: its address, its title and date.
    "ALTER TABLE item ADD COLUMN guid TEXT;
     ALTER TABLE item ADD COLUMN entry INTEGER NOT NULL DEFAULT 0;
     CREATE INDEX item_guid ON item (guid) WHERE guid IS NOT NULL;
     CREATE TABLE alias (name INTEGER PRIMARY KEY, item INTEGER NOT NULL);

     -- How the last visit to a source on the web went, and when the next is due.
     CREATE TABLE upstream (
         source TEXT PRIMARY KEY, url TEXT NOT NULL, rules TEXT NOT NULL,
         due INTEGER NOT NULL, reason TEXT NOT NULL, demanded INTEGER NOT NULL, failures INTEGER NOT NULL,
         validated TEXT, etag TEXT, last_modified TEXT, body BLOB, entries INTEGER NOT NULL, moved TEXT, hints TEXT NOT NULL,
         notes TEXT NOT NULL
     ) WITHOUT ROWID;

     -- The robots.txt of origins.
     CREATE TABLE robots (origin TEXT PRIMARY KEY, rules TEXT NOT NULL) WITHOUT ROWID;",
    // 4: pages that list news. What was learnt of the list, and how it is, as JSON.
    "ALTER TABLE upstream ADD COLUMN list TEXT NOT NULL DEFAULT '';
     -- Rows themselves are compared.
     ALTER TABLE item DROP COLUMN print;",
    // 5: texts are compressed. `content` holds the details as JSON, a line feed, and the body: compressed where it is a BLOB,
    // as it was in an older store where it is TEXT.
    "UPDATE item SET content = details || char(10) || content;
     ALTER TABLE item DROP COLUMN details;",
    // 6: one story once. A family are items that are the same by a chain of pairs, numbered by one of them; a story is what is
    // shown once of it: all, unless the owner set some apart. An excerpt has less than half of the words of the fullest.
    // Row 0 of `posting` is no chunk of a run: it lists the items that stand in none, each in four bytes (see `posting.rs`).
    "ALTER TABLE item ADD COLUMN family INTEGER;
     ALTER TABLE item ADD COLUMN story INTEGER;
     ALTER TABLE item ADD COLUMN excerpt INTEGER NOT NULL DEFAULT 0;
     CREATE INDEX item_family ON item (family) WHERE family IS NOT NULL;
     CREATE INDEX item_story ON item (story) WHERE story IS NOT NULL;

     -- What near copies are found by: the marks of 32 items each, and sorted runs of keys with items, a chunk in a row.
     CREATE TABLE sketch (block INTEGER PRIMARY KEY, marks BLOB NOT NULL);
     CREATE TABLE run (id INTEGER PRIMARY KEY, size INTEGER NOT NULL);
     CREATE TABLE posting (id INTEGER PRIMARY KEY, data BLOB NOT NULL);

     -- Pairs of items that are not the same story, whatever their words say, both ways.
     CREATE TABLE apart (one INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
     -- Sources whose copies are shown rather than those of others.
     CREATE TABLE preferred (source TEXT PRIMARY KEY) WITHOUT ROWID;",
    // 7: history. A `revision` is what an item said before somebody changed its words, the first as number 1, and since when
    // it said so: the title, and the body packed as that of an item. What is `removed` never comes back; without a time, a rule of its source did it.
    "CREATE TABLE revision (
         item INTEGER NOT NULL, number INTEGER NOT NULL, since INTEGER NOT NULL, title TEXT NOT NULL, content BLOB NOT NULL,
         PRIMARY KEY (item, number)
     );
     CREATE TABLE removed (item INTEGER PRIMARY KEY, since INTEGER);",
    // 8: archives. `number` of a member is its place in the archive of the channel, 0 in its feed; `division` how the channel is
    // divided between both, `archived` the last number, `beyond` the last that is not published any more, `shown` how many
    // items the feed has room for, if that is fewer than it was to show.
    "ALTER TABLE member ADD COLUMN number INTEGER;
     CREATE INDEX member_number ON member (channel, number) WHERE number IS NOT NULL;
     ALTER TABLE channel ADD COLUMN division TEXT NOT NULL DEFAULT '';
     ALTER TABLE channel ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE channel ADD COLUMN beyond INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE channel ADD COLUMN shown INTEGER;

     -- The pages of archives that are not full and stay published, by the numbers of their last items.
     CREATE TABLE open_page (channel INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (channel, number)) WITHOUT ROWID;

     -- Numbers whose items have left, until their pages are published anew.
     CREATE TABLE renumbered (channel INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (channel, number)) WITHOUT ROWID;",
    // 9: documents that are gone lie apart, so that a walk need not pass them by. `headline` is a number made of the
    // title and the time of the item.
    "CREATE TABLE vanished (
         id INTEGER PRIMARY KEY, source TEXT NOT NULL, path BLOB NOT NULL,
         size INTEGER NOT NULL, modified INTEGER NOT NULL, inode INTEGER NOT NULL, sidecar INTEGER NOT NULL,
         content BLOB NOT NULL, item INTEGER NOT NULL, born INTEGER, headline INTEGER,
         UNIQUE (source, path)
     );
     CREATE INDEX vanished_file ON vanished (inode, modified);
     CREATE INDEX vanished_content ON vanished (content);
     CREATE INDEX vanished_headline ON vanished (headline);
     CREATE INDEX document_note ON document (source, path) WHERE note IS NOT NULL;",
    // 10: what is to be published. A channel is `stale` from when its items change until all of its files are in place; `made`
    // is a hash of what they were made from but for the items, `newest` the newest change among these.
    "ALTER TABLE channel ADD COLUMN stale INTEGER NOT NULL DEFAULT 1;
     ALTER TABLE channel ADD COLUMN made BLOB;
     ALTER TABLE channel ADD COLUMN newest INTEGER;",
    // 11: what is told to others. A `ping` is a feed whose change a hub has still to be told of; `turn` counts its changes. An
    // `incident` is trouble with a source, or with the whole (then `source` is empty); `told` is 0 before anybody was alerted of it, 1 when
    // its beginning was told, 2 when nothing is left to be told. `expected` of a visit is when something new should have come, 0
    // where that cannot be told.
    "CREATE TABLE ping (
         hub TEXT NOT NULL, topic TEXT NOT NULL, turn INTEGER NOT NULL,
         noted INTEGER NOT NULL, due INTEGER NOT NULL, failures INTEGER NOT NULL, error TEXT,
         PRIMARY KEY (hub, topic)
     ) WITHOUT ROWID;

     CREATE TABLE incident (
         number INTEGER PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL,
         opened INTEGER NOT NULL, closed INTEGER, text TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0
     );
     CREATE UNIQUE INDEX incident_open ON incident (source, kind) WHERE closed IS NULL;
     CREATE INDEX incident_untold ON incident (number) WHERE told < 2;
     ALTER TABLE visit ADD COLUMN expected INTEGER;
     CREATE INDEX visit_error ON visit (source) WHERE error IS NOT NULL;",
    // 12: translations. A `hint` is a hash of what versions of a story share, with the rows of the items that have it; a
    // `version` is a pair of rows that a hint leads to, and that are one story in two languages, both ways.
    "CREATE TABLE hint (hint INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (hint, item)) WITHOUT ROWID;
     CREATE TABLE version (
         one INTEGER NOT NULL, other INTEGER NOT NULL, hint INTEGER NOT NULL, PRIMARY KEY (one, other, hint)
     ) WITHOUT ROWID;
     CREATE INDEX version_hint ON version (hint);",
    // 13: the last visits to each source; those in a row that brought nothing, or failed alike, are one.
    "CREATE TABLE past (
         source TEXT NOT NULL, number INTEGER NOT NULL, since INTEGER NOT NULL, until INTEGER NOT NULL, visits INTEGER NOT NULL,
         new INTEGER NOT NULL, revised INTEGER NOT NULL, unreadable INTEGER NOT NULL,
         requests INTEGER NOT NULL, bytes INTEGER NOT NULL, error TEXT,
         PRIMARY KEY (source, number)
     ) WITHOUT ROWID;",
    // 14: most items have their address as their id, and that stands in the index of addresses already.
    "DROP INDEX item_guid;
     CREATE INDEX item_guid ON item (guid) WHERE guid IS NOT NULL AND guid IS NOT link;",
    // 15: until when an upstream that was `given`, and not just said to be as it was, is vouched for, and whether its validators
    // vouched for what had changed.
    "ALTER TABLE upstream ADD COLUMN given INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE upstream ADD COLUMN misleading INTEGER NOT NULL DEFAULT 0;",
    // 16: words that a feed says of several things, by their print: `beside` where it lists two entries of them together on
    // different days; else it said them again much later.
    "CREATE TABLE reused (
         source TEXT NOT NULL, twin BLOB NOT NULL, beside INTEGER NOT NULL, PRIMARY KEY (source, twin)
     ) WITHOUT ROWID;",
    // 17: the `rank` of an item among those that its feed tells of one time, counted from the lowest; `published` of its members is
    // so many parts of a second later (see `rank.rs`).
    "ALTER TABLE item ADD COLUMN rank INTEGER NOT NULL DEFAULT 0;",
];
