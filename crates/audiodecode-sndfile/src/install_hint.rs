/// What makes libsndfile available on this platform, as a sentence.
pub(crate) fn install_hint() -> String {
    let how = match std::env::consts::OS {
        "linux" => linux_command(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()),
        "macos" => "install it with: brew install libsndfile",
        "windows" => "put sndfile.dll of github.com/libsndfile/libsndfile/releases into a folder of the PATH",
        "freebsd" => "install it with: pkg install libsndfile",
        _ => "install libsndfile",
    };
    format!("To decode with it, {how} (or let AUDIODECODE_LIBSNDFILE name the library).")
}

/// The command of the distribution that `os-release` names, Debian's where it names none that is known.
fn linux_command(os_release: &str) -> &'static str {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    let names = format!("{} {}", value("ID"), value("ID_LIKE"));
    let known = [
        ("alpine", "install it with: apk add libsndfile"),
        ("fedora", "install it with: dnf install libsndfile"),
        ("rhel", "install it with: dnf install libsndfile"),
        ("suse", "install it with: zypper install libsndfile1"),
        ("arch", "install it with: pacman -S libsndfile"),
    ];
    let is_named = |wanted: &str| names.split_whitespace().any(|name| name == wanted);
    known
        .iter()
        .find(|(name, _)| is_named(name))
        .map_or("install it with: apt-get install libsndfile1", |(_, how)| how)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_that_of_the_distribution() {
        let command = |text| linux_command(text).rsplit(": ").next().unwrap_or_default();
        assert_eq!(command("ID=debian\n"), "apt-get install libsndfile1");
        assert_eq!(command("NAME=x\nID=ubuntu\nID_LIKE=debian\n"), "apt-get install libsndfile1");
        assert_eq!(command("ID=alpine\n"), "apk add libsndfile");
        assert_eq!(command("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n"), "dnf install libsndfile");
        assert_eq!(
            command("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n"),
            "zypper install libsndfile1"
        );
        assert_eq!(command(""), "apt-get install libsndfile1");
    }

    #[test]
    fn the_hint_names_the_variable_that_points_elsewhere() {
        assert!(install_hint().contains("AUDIODECODE_LIBSNDFILE"));
    }
}
