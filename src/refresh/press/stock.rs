//! Items as channels show them, at hand for the next channel that shows the same: most items stand in several.

use std::collections::HashMap;
use std::sync::Arc;

use crate::item::ItemKey;
use crate::publish::Shown;

/// Items of one generation: there are two.
const GENERATION: usize = 1024;
/// Bytes of one generation, what was written of its items included, as far as it goes by whole rounds.
const BYTES: usize = 16 * 1024 * 1024;

/// The items that were asked for last.
#[derive(Default)]
pub(super) struct Stock {
    young: HashMap<ItemKey, Arc<Shown>>,
    /// What was young before: who is asked for again stays.
    old: HashMap<ItemKey, Arc<Shown>>,
}

impl Stock {
    /// An item. `None`: it is not at hand.
    pub(super) fn get(&mut self, key: &str) -> Option<Arc<Shown>> {
        if let Some(shown) = self.young.get(key) {
            return Some(Arc::clone(shown));
        }
        let shown = self.old.remove(key)?;
        self.add(Arc::clone(&shown));
        Some(shown)
    }

    /// Adds an item, for which others may go.
    pub(super) fn add(&mut self, shown: Arc<Shown>) {
        if self.young.len() == GENERATION {
            self.age();
        }
        self.young.insert(shown.item.key.clone(), shown);
    }

    /// Lets items go where those at hand take too many bytes: after a round of rendering, which writes of them.
    pub(super) fn settle(&mut self) {
        let size = |items: &HashMap<ItemKey, Arc<Shown>>| items.values().map(|shown| shown.size()).sum::<usize>();
        if size(&self.young) > BYTES {
            self.age();
        }
        if size(&self.old) > BYTES {
            self.old = HashMap::new();
        }
    }

    fn age(&mut self) {
        self.old = std::mem::take(&mut self.young);
    }
}
