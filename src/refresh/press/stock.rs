//! Items as channels show them, at hand for the next channel that shows the same: most items stand in several.

use std::collections::HashMap;
use std::sync::Arc;

use crate::item::ItemKey;
use crate::publish::Shown;

/// Items of one generation: there are two.
const GENERATION: usize = 1024;
/// Bytes of one generation, what was written of its items included; during a round of rendering there may be more.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::{Facts, Html};
    use crate::publish::tests::{item, shown};

    #[test]
    fn what_takes_too_many_bytes_goes_after_a_round() {
        let of_bytes = |bytes| {
            let mut stock = Stock::default();
            for number in 0..4 {
                let content = Html::recall("a".repeat(bytes / 4));
                stock.add(shown(Facts { content, ..item(number, "Long") }));
            }
            stock.settle();
            stock
        };
        assert!(of_bytes(BYTES / 2).get(&item(1, "").key).is_some());
        let mut stock = of_bytes(BYTES);
        assert!(stock.get(&item(1, "").key).is_none());
        assert!(stock.young.is_empty() && stock.old.is_empty());
    }
}
