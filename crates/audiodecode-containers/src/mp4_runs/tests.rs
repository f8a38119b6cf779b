use super::*;

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// Samples of 7 bytes unless a fragment says otherwise; the movie is 48 bytes long, and so the first fragment begins at 48.
fn movie() -> Vec<u8> {
    boxed(b"moov", &boxed(b"mvex", &boxed(b"trex", &numbers(&[0, 1, 1, 1024, 7, 0]))))
}

fn track(header: &[u32], runs: &[&[u32]]) -> Vec<u8> {
    let runs = runs.iter().flat_map(|run| boxed(b"trun", &numbers(run)));
    boxed(b"traf", &boxed(b"tfhd", &numbers(header)).into_iter().chain(runs).collect::<Vec<_>>())
}

/// A fragment of these tracks with so many bytes of data.
fn fragment(tracks: &[Vec<u8>], data: usize) -> Vec<u8> {
    [boxed(b"moof", &tracks.concat()), boxed(b"mdat", &vec![0; data])].concat()
}

fn read(file: &[u8]) -> Option<Runs> {
    read_runs(&Input::from_bytes(file.to_vec()), 1, 0, &CancelFlag::default()).unwrap()
}

/// Where each run's samples begin, and how long they are.
fn places(file: &[u8]) -> Option<Vec<(u64, Vec<u64>)>> {
    let mut window = ReadWindow::new(Input::from_bytes(file.to_vec()));
    let found = read(file)?;
    let sizes = |run: &Run, window: &mut ReadWindow| {
        (0..run.count).map(|index| run.size_of(window, index).unwrap()).collect()
    };
    Some(found.runs.iter().map(|run| (run.data, sizes(run, &mut window))).collect())
}

fn file(fragments: &[Vec<u8>]) -> Vec<u8> {
    [movie(), fragments.concat()].concat()
}

#[test]
fn data_begins_where_the_header_and_the_run_say_or_behind_the_run_before() {
    const FROM_FRAGMENT: u32 = 0x2_0000;
    let of_fragment = track(&[FROM_FRAGMENT, 1], &[&[1, 2, 100], &[0, 1]]);
    let stated = track(&[1, 1, 0, 60], &[&[1, 1, (-20i32) as u32], &[0, 1]]);
    // Three samples of seven bytes, from byte 100 of the fragment on; and two, 20 bytes before byte 60 of the file.
    assert_eq!(
        places(&file(&[fragment(&[of_fragment], 100)])),
        Some(vec![(148, vec![7, 7]), (162, vec![7])])
    );
    assert_eq!(places(&file(&[fragment(&[stated], 100)])), Some(vec![(40, vec![7]), (47, vec![7])]));
    // Without a word, with the first track's fragment.
    let plain = track(&[0, 1], &[&[0, 1]]);
    assert_eq!(places(&file(&[fragment(std::slice::from_ref(&plain), 100)])), Some(vec![(48, vec![7])]));
    // Behind the data of another track, which is not looked at.
    let other = track(&[0, 2], &[&[0, 1]]);
    assert_eq!(places(&file(&[fragment(&[other.clone(), plain.clone()], 100)])), None);
    assert_eq!(places(&file(&[fragment(&[plain, other], 100)])), Some(vec![(48, vec![7])]));
}

#[test]
fn sizes_come_from_the_run_the_header_or_the_movie() {
    // Duration and size and flags and offset of each sample, behind a place of the data and the first one's flags.
    let listed = track(&[0, 1], &[&[0xf05, 2, 50, 0, 1, 11, 2, 3, 4, 12, 5, 6]]);
    assert_eq!(places(&file(&[fragment(&[listed], 100)])), Some(vec![(98, vec![11, 12])]));
    let sized = track(&[0x200, 1], &[&[0x200, 2, 21, 22]]);
    assert_eq!(places(&file(&[fragment(&[sized], 100)])), Some(vec![(48, vec![21, 22])]));
    // Description, duration, size.
    let header = track(&[0x1a, 1, 1, 1000, 9], &[&[0, 2]]);
    assert_eq!(places(&file(&[fragment(&[header], 100)])), Some(vec![(48, vec![9, 9])]));
}

#[test]
fn samples_are_counted_over_fragments_and_found_again() {
    let of = |count| fragment(&[track(&[0, 1], &[&[0, count]])], 100);
    let found = read(&file(&[of(2), of(0), of(3), of(1)])).unwrap();
    assert_eq!((found.samples, found.truncated), (6, false));
    assert_eq!(
        found.runs.iter().map(|run| (run.first, run.count)).collect::<Vec<_>>(),
        [(0, 2), (2, 3), (5, 1)]
    );
    assert_eq!([0, 1, 2, 4, 5, 6, 99].map(|sample| found.run_of(sample)), [0, 0, 1, 1, 2, 2, 2]);
}

#[test]
fn what_lies_behind_the_end_of_the_file_is_missed() {
    let whole = file(&[fragment(&[track(&[0x2_0000, 1], &[&[1, 4, 60]])], 28)]);
    assert_eq!(places(&whole), Some(vec![(108, vec![7; 4])]));
    assert_eq!(read(&whole).map(|found| found.truncated), Some(false));
    let cut = &whole[..whole.len() - 1];
    assert_eq!(places(cut), Some(vec![(108, vec![7; 3])]));
    assert_eq!(read(cut).map(|found| found.truncated), Some(true));
    let sizes = file(&[fragment(&[track(&[0x2_0000, 1], &[&[0x201, 2, 68, 14, 14]])], 28)]);
    assert_eq!(places(&sizes), Some(vec![(116, vec![14, 14])]));
    assert_eq!(places(&sizes[..sizes.len() - 1]), Some(vec![(116, vec![14])]));
    // Nothing is told of what comes behind a gap.
    let far = track(&[0x2_0000, 1], &[&[1, 1, 9999], &[1, 1, 60]]);
    assert_eq!(read(&file(&[fragment(&[far], 28)])), None);
}

#[test]
fn what_makes_no_sense_is_left_to_others() {
    let plain = || fragment(&[track(&[0, 1], &[&[0, 1]])], 100);
    assert!(read(&file(&[plain()])).is_some());
    let broken = [
        // More sizes than fit into the box; a header behind its run; a header that is cut off; another description.
        fragment(&[track(&[0, 1], &[&[0x200, 3, 1, 2]])], 100),
        fragment(&[boxed(b"traf", &boxed(b"trun", &numbers(&[0, 1])))], 100),
        fragment(&[track(&[1, 1, 0], &[&[0, 1]])], 100),
        fragment(&[track(&[2, 1, 2], &[&[0, 1]])], 100),
        fragment(&[boxed(b"traf", &[0; 5])], 100),
        boxed(b"moof", &[0, 0, 0, 5, 1, 1, 1, 1]),
    ];
    for (index, broken) in broken.into_iter().enumerate() {
        assert_eq!(read(&file(&[plain(), broken])), None, "{index}");
    }
    // Bytes behind the last box, and a fragment without an end.
    assert_eq!(read(&[file(&[plain()]), vec![1, 2, 3]].concat()), None);
    let whole = file(&[plain(), plain()]);
    assert_eq!(read(&whole[..whole.len() - 120]), None);
    // No size is known.
    assert_eq!(read(&plain()), None);
}
