use audiodecode_system_library::HowToInstall;

const HOW: HowToInstall<'_> = HowToInstall {
    debian: "apt-get install ffmpeg",
    alpine: "apk add ffmpeg-libs",
    fedora: "dnf install ffmpeg-libs (RPM Fusion)",
    suse: "zypper install ffmpeg-7",
    arch: "pacman -S ffmpeg",
    macos: "brew install ffmpeg",
    freebsd: "pkg install ffmpeg",
    windows: "put the shared libraries of FFmpeg 8 (avformat-62.dll and those beside it) into a folder of the PATH",
    elsewhere: "install FFmpeg's shared libraries",
};

/// What makes FFmpeg available on this platform, as a sentence.
pub(crate) fn install_hint() -> String {
    format!("To decode with it, {} (or let AUDIODECODE_FFMPEG name the folder of its libraries).", HOW.here())
}
