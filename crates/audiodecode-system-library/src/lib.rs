//! What the backends on a library of the system share: how a user gets that library.
#![forbid(unsafe_code)]

/// How a library is installed on each platform: the package manager's command, or in words.
#[derive(Clone, Copy, Debug)]
pub struct HowToInstall<'a> {
    /// Debian, Ubuntu, and where the distribution is not known.
    pub debian: &'a str,
    /// Alpine.
    pub alpine: &'a str,
    /// Fedora, Red Hat and what derives from them.
    pub fedora: &'a str,
    /// openSUSE.
    pub suse: &'a str,
    /// Arch.
    pub arch: &'a str,
    /// Homebrew's command.
    pub macos: &'a str,
    /// FreeBSD.
    pub freebsd: &'a str,
    /// What to do on Windows, in words.
    pub windows: &'a str,
    /// What to do anywhere else, in words.
    pub elsewhere: &'a str,
}

impl HowToInstall<'_> {
    /// What to do on this machine, in words that go on a sentence.
    pub fn here(&self) -> String {
        let command = match std::env::consts::OS {
            "linux" => self.on_linux(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()),
            "macos" => self.macos,
            "freebsd" => self.freebsd,
            "windows" => return self.windows.to_owned(),
            _ => return self.elsewhere.to_owned(),
        };
        format!("install it with: {command}")
    }

    /// The command of the distribution that `os-release` names.
    fn on_linux(&self, os_release: &str) -> &str {
        let value = |key: &str| {
            let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let names = format!("{} {}", value("ID"), value("ID_LIKE"));
        let known = [
            ("alpine", self.alpine),
            ("fedora", self.fedora),
            ("rhel", self.fedora),
            ("suse", self.suse),
            ("arch", self.arch),
        ];
        let is_named = |wanted: &str| names.split_whitespace().any(|name| name == wanted);
        known.iter().find(|(name, _)| is_named(name)).map_or(self.debian, |(_, command)| command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_that_of_the_distribution() {
        let how = HowToInstall {
            debian: "apt-get",
            alpine: "apk",
            fedora: "dnf",
            suse: "zypper",
            arch: "pacman",
            macos: "",
            freebsd: "",
            windows: "",
            elsewhere: "",
        };
        for (os_release, command) in [
            ("ID=debian\n", "apt-get"),
            ("NAME=x\nID=ubuntu\nID_LIKE=debian\n", "apt-get"),
            ("ID=alpine\n", "apk"),
            ("ID=fedora\n", "dnf"),
            ("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", "dnf"),
            ("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", "zypper"),
            ("ID=manjaro\nID_LIKE=arch\n", "pacman"),
            ("", "apt-get"),
        ] {
            assert_eq!(how.on_linux(os_release), command, "{os_release}");
        }
    }
}
