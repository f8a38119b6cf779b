/// Tags kept, and bytes of one value.
const MAX_TAGS: usize = 256;
const MAX_VALUE_BYTES: usize = 64 * 1024;

/// Tags in the order found, without exact repetitions, bounded.
#[derive(Debug, Default)]
pub(super) struct TagList(Vec<(String, String)>);

impl TagList {
    /// Adds a tag unless it is empty or known.
    pub(super) fn add(&mut self, key: &str, value: &str) {
        let value = value.trim();
        let fits = value.len() <= MAX_VALUE_BYTES && key.len() <= 64 && self.0.len() < MAX_TAGS;
        if fits && !value.is_empty() && !key.is_empty() && !self.0.iter().any(|(k, v)| k == key && v == value)
        {
            self.0.push((key.to_owned(), value.to_owned()));
        }
    }

    /// Adds "3/12" as two tags.
    pub(super) fn add_pair(&mut self, key: &str, total_key: &str, value: &str) {
        match value.split_once('/') {
            Some((number, total)) => {
                self.add(key, number);
                self.add(total_key, total);
            }
            None => self.add(key, value),
        }
    }

    /// Adds the other list's tags of keys that have no value yet.
    pub(super) fn fill_from(&mut self, other: Self) {
        let known: Vec<String> = self.0.iter().map(|(key, _)| key.clone()).collect();
        for (key, value) in other.0.iter().filter(|(key, _)| !known.contains(key)) {
            self.add(key, value);
        }
    }

    /// The tags.
    pub(super) fn into_vec(self) -> Vec<(String, String)> {
        self.0
    }
}
