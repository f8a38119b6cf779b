/// What makes FFmpeg available on this platform, as a sentence.
pub(crate) fn install_hint() -> String {
    let how = match std::env::consts::OS {
        "linux" => linux_command(&std::fs::read_to_string("/etc/os-release").unwrap_or_default()),
        "macos" => "install it with: brew install ffmpeg@7",
        "windows" => {
            "put the shared libraries of FFmpeg 7 (avformat-61.dll and those beside it) into a folder of the PATH"
        }
        "freebsd" => "install it with: pkg install ffmpeg",
        _ => "install FFmpeg's shared libraries",
    };
    format!("To decode with it, {how} (or let AUDIODECODE_FFMPEG name the folder of its libraries).")
}

/// The command of the distribution that `os-release` names, Debian's where it names none that is known.
fn linux_command(os_release: &str) -> &'static str {
    let value = |key: &str| {
        let line = os_release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.unwrap_or_default().trim_matches('"').to_owned()
    };
    let names = format!("{} {}", value("ID"), value("ID_LIKE"));
    let known = [
        ("alpine", "install it with: apk add ffmpeg-libs"),
        ("fedora", "install it with: dnf install ffmpeg-libs (RPM Fusion)"),
        ("rhel", "install it with: dnf install ffmpeg-libs (RPM Fusion)"),
        ("suse", "install it with: zypper install ffmpeg-7"),
        ("arch", "install it with: pacman -S ffmpeg"),
    ];
    let is_named = |wanted: &str| names.split_whitespace().any(|name| name == wanted);
    let found = known.iter().find(|(name, _)| is_named(name));
    found.map_or("install it with: apt-get install ffmpeg", |(_, how)| how)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_is_that_of_the_distribution() {
        for (text, command) in [
            ("ID=debian\n", "apt-get install ffmpeg"),
            ("NAME=x\nID=ubuntu\nID_LIKE=debian\n", "apt-get install ffmpeg"),
            ("ID=alpine\n", "apk add ffmpeg-libs"),
            ("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\n", "zypper install ffmpeg-7"),
            ("", "apt-get install ffmpeg"),
        ] {
            assert!(linux_command(text).ends_with(command), "{text}");
        }
        assert!(install_hint().contains("AUDIODECODE_FFMPEG"));
    }
}
