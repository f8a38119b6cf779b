//! Functions that are compiled for every processor and for those with AVX2, one of which is called.

/// Defines a function in two forms: as it is compiled for every processor, and as it is compiled for those with AVX2 and BMI2.
/// The one that this processor can run is called. What is given for either is compiled for it where it is inlined.
///
/// Both do the same operations, none of them fused, so that they give the same bits when they do them in the same order.
///
/// ```
/// audiodecode_widest::widest! {
///     fn sum(values: &[f32]) -> f32 {
///         any: sum_up, avx2: sum_up
///     }
/// }
///
/// #[inline(always)]
/// fn sum_up(values: &[f32]) -> f32 {
///     values.iter().sum()
/// }
///
/// assert_eq!(sum(&[1.0, 2.0]), 3.0);
/// ```
#[macro_export]
macro_rules! widest {
    (
        $(#[$meta:meta])*
        $visibility:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) $(-> $result:ty)? {
            any: $any:expr, avx2: $avx2:expr
        }
    ) => {
        $(#[$meta])*
        #[inline]
        $visibility fn $name($($argument: $type),*) $(-> $result)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
                fn with_avx2($($argument: $type),*) $(-> $result)? {
                    $avx2($($argument),*)
                }

                if $crate::has_avx2() {
                    // SAFETY: the processor has what the function is compiled for.
                    #[allow(unsafe_code)]
                    return unsafe { with_avx2($($argument),*) };
                }
            }
            $any($($argument),*)
        }
    };
}

/// Whether this processor runs what [`widest!`] compiles for AVX2.
#[cfg(target_arch = "x86_64")]
#[inline]
#[must_use]
pub fn has_avx2() -> bool {
    // Whoever has BMI2 has the smaller ones as well.
    is_x86_feature_detected!("avx2")
        && is_x86_feature_detected!("bmi1")
        && is_x86_feature_detected!("bmi2")
        && is_x86_feature_detected!("lzcnt")
        && is_x86_feature_detected!("popcnt")
}
