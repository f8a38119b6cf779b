//! Opening FFmpeg opens about 130 libraries, and the system's loader reads the symbol tables of all of them: 20 MB of pages that
//! nobody looks at again, yet count as this process's until it ends.

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
pub(crate) use linux::LoadPages;
#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
pub(crate) use nothing::LoadPages;

#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
mod nothing {
    /// Nothing is given back on this platform.
    pub(crate) struct LoadPages;

    impl LoadPages {
        pub(crate) fn begin() -> Self {
            Self
        }

        pub(crate) fn give_back(&self) {}
    }
}

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod linux {
    use std::collections::HashSet;
    use std::ffi::{c_int, c_void};
    use std::fs::File;
    use std::ops::Range;
    use std::os::unix::fs::FileExt;

    use libc::dl_phdr_info;

    /// Bits of an entry of `/proc/self/pagemap`: the page is in memory, it is swapped out, it is a page of a file as the file has it.
    const PRESENT: u64 = 1 << 63;
    const SWAPPED: u64 = 1 << 62;
    const OF_FILE: u64 = 1 << 61;

    /// The libraries that were there before others are opened, by address.
    pub(crate) struct LoadPages {
        before: HashSet<u64>,
    }

    impl LoadPages {
        /// Call before opening libraries.
        pub(crate) fn begin() -> Self {
            let mut before = HashSet::new();
            each_library(&mut |library| {
                before.insert(library.dlpi_addr);
            });
            Self { before }
        }

        /// Unmaps the pages of code and constants of the libraries opened since: the next look at one brings it back from the
        /// system's cache of files. Pages that were written to stay, and so does whatever cannot be told for sure.
        pub(crate) fn give_back(&self) {
            let Ok(pagemap) = File::open("/proc/self/pagemap") else { return };
            // SAFETY: it only tells a number.
            let Ok(page) = u64::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }) else { return };
            // The loader closes no library while it goes through them, so that nothing else can come to lie at these addresses.
            each_library(&mut |library| {
                if !self.before.contains(&library.dlpi_addr) {
                    for pages in read_only_pages(library, page) {
                        if is_as_in_the_file(&pagemap, &pages) {
                            drop_pages(&pages, page);
                        }
                    }
                }
            });
        }
    }

    /// Calls `look` with every library of the process.
    fn each_library(look: &mut dyn FnMut(&dl_phdr_info)) {
        unsafe extern "C" fn forward(library: *mut dl_phdr_info, _: usize, look: *mut c_void) -> c_int {
            // SAFETY: the loader lends the first for the call, and the second is what is passed below.
            let (library, look) = unsafe { (&*library, &mut *look.cast::<&mut dyn FnMut(&dl_phdr_info)>()) };
            look(library);
            0
        }
        let mut look = look;
        // SAFETY: the callback has the type that is wanted, and `look` outlives the call.
        unsafe { libc::dl_iterate_phdr(Some(forward), (&raw mut look).cast()) };
    }

    /// Segments that the loader maps without leave to write, as numbers of pages.
    fn read_only_pages(library: &dl_phdr_info, page: u64) -> Vec<Range<u64>> {
        if library.dlpi_phdr.is_null() {
            return Vec::new();
        }
        // SAFETY: the loader keeps that many headers there as long as the library is open.
        let headers =
            unsafe { std::slice::from_raw_parts(library.dlpi_phdr, usize::from(library.dlpi_phnum)) };
        let read_only = |header: &&libc::Elf64_Phdr| {
            header.p_type == libc::PT_LOAD && header.p_flags & libc::PF_W == 0 && header.p_memsz > 0
        };
        let pages = |header: &libc::Elf64_Phdr| {
            let start = library.dlpi_addr.checked_add(header.p_vaddr)?;
            Some(start / page..start.checked_add(header.p_memsz)?.div_ceil(page))
        };
        headers.iter().filter(read_only).filter_map(pages).collect()
    }

    /// Whether none of the pages has been written to, as a debugger does that sets a breakpoint.
    fn is_as_in_the_file(pagemap: &File, pages: &Range<u64>) -> bool {
        let mut entries = vec![0; 8 * (pages.end - pages.start) as usize];
        let is_clean = |entry: &[u8; 8]| {
            let entry = u64::from_ne_bytes(*entry);
            entry & SWAPPED == 0 && (entry & PRESENT == 0 || entry & OF_FILE != 0)
        };
        pagemap.read_exact_at(&mut entries, 8 * pages.start).is_ok()
            && entries.as_chunks().0.iter().all(is_clean)
    }

    fn drop_pages(pages: &Range<u64>, page: u64) {
        let (start, bytes) = ((pages.start * page) as *mut c_void, (pages.end - pages.start) * page);
        // SAFETY: a private mapping of a file, of which no page differs from the file: reading it gives the same as before.
        unsafe { libc::madvise(start, bytes as usize, libc::MADV_DONTNEED) };
    }

    #[cfg(test)]
    #[allow(clippy::expect_used)]
    mod tests {
        use std::os::fd::AsRawFd;

        use super::*;

        const PAGES: usize = 3;

        /// The first pages of this program, mapped as the loader maps code, but with leave to write.
        fn map(program: &File, page: u64) -> &'static mut [u8] {
            let bytes = PAGES * page as usize;
            let (access, kind) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE);
            // SAFETY: a new mapping at a place that the system chooses; it is never unmapped.
            unsafe {
                let start = libc::mmap(std::ptr::null_mut(), bytes, access, kind, program.as_raw_fd(), 0);
                assert_ne!(start, libc::MAP_FAILED);
                std::slice::from_raw_parts_mut(start.cast(), bytes)
            }
        }

        fn pages_of(memory: &[u8], page: u64) -> Range<u64> {
            let start = memory.as_ptr() as u64 / page;
            start..start + PAGES as u64
        }

        fn in_memory(pagemap: &File, pages: &Range<u64>) -> usize {
            let mut entries = vec![0; 8 * PAGES];
            pagemap.read_exact_at(&mut entries, 8 * pages.start).expect("pagemap");
            let present = |entry: &&[u8; 8]| u64::from_ne_bytes(**entry) & PRESENT != 0;
            entries.as_chunks().0.iter().filter(present).count()
        }

        #[test]
        fn pages_that_are_given_back_read_the_same_again_and_those_written_to_are_kept() {
            // SAFETY: it only tells a number.
            let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as u64;
            let pagemap = File::open("/proc/self/pagemap").expect("pagemap");
            let program = File::open("/proc/self/exe").expect("program");
            let memory = map(&program, page);
            let pages = pages_of(memory, page);
            let (content, sum) =
                (memory.to_vec(), |bytes: &[u8]| bytes.iter().map(|&b| u64::from(b)).sum::<u64>());
            assert!(sum(&content) > 0);
            assert_eq!((in_memory(&pagemap, &pages), is_as_in_the_file(&pagemap, &pages)), (PAGES, true));
            drop_pages(&pages, page);
            assert_eq!(in_memory(&pagemap, &pages), 0);
            assert_eq!(memory, content);
            memory[page as usize] ^= 1;
            assert!(!is_as_in_the_file(&pagemap, &pages));
        }

        /// Its own code runs while it is given back.
        #[test]
        fn a_library_works_as_before() {
            // SAFETY: the C library is there already; it runs nothing.
            let library = unsafe { libloading::Library::new("libm.so.6") };
            LoadPages { before: HashSet::new() }.give_back();
            let Ok(library) = library else { return };
            // SAFETY: that is its type.
            let cosine = unsafe { library.get::<unsafe extern "C" fn(f64) -> f64>(b"cos") }.expect("cos");
            // SAFETY: a function of a number.
            assert_eq!(unsafe { cosine(0.0) }, 1.0);
        }
    }
}
