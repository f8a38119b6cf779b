use audiodecode_system_library::HowToInstall;

const HOW: HowToInstall<'_> = HowToInstall {
    debian: "apt-get install libsndfile1",
    alpine: "apk add libsndfile",
    fedora: "dnf install libsndfile",
    suse: "zypper install libsndfile1",
    arch: "pacman -S libsndfile",
    macos: "brew install libsndfile",
    freebsd: "pkg install libsndfile",
    windows: "put sndfile.dll of github.com/libsndfile/libsndfile/releases into a folder of the PATH",
    elsewhere: "install libsndfile",
};

/// What makes libsndfile available on this platform, as a sentence.
pub(crate) fn install_hint() -> String {
    format!("To decode with it, {} (or let AUDIODECODE_LIBSNDFILE name the library).", HOW.here())
}
