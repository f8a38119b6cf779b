import java.io.IOException;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FunctionPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.annotation.ByRef;

/**
 * Tells where the members of used.txt are and what its constants are, like the program in C, for versions of FFmpeg whose headers
 * no distribution has: the JavaCPP Presets for FFmpeg contain every size and offset, as a C++ compiler took them from the headers.
 * Whatever is missing, renamed or of another type is an error.
 */
final class Facts {
    private static final List<Class<?>> GLOBALS = List.of(avutil.class, avcodec.class, avformat.class);
    private static final List<String> PACKAGES = List.of("avutil", "avcodec", "avformat");
    private static final Map<String, String> TYPES = new HashMap<>();

    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        GLOBALS.forEach(Loader::load);
        List<String> lines = Files.readAllLines(Path.of(arguments[0]));
        Pattern form = Pattern.compile("(type|const|struct| ) (\\w+)(?:(?: =|:) (.+))?");
        String structure = null;
        for (String line : lines) {
            Matcher words = form.matcher(line);
            if (!words.matches()) {
                continue;
            }
            String name = words.group(2);
            switch (words.group(1)) {
                case "type" -> TYPES.put(name, words.group(3));
                case "const" -> System.out.println(name + " " + constant(name));
                case "struct" -> {
                    structure = name;
                    if (lines.stream().anyMatch(other -> other.startsWith(" ") && other.endsWith(": " + name))) {
                        System.out.println(name + " " + Loader.sizeof(structure(name)));
                    }
                }
                default -> System.out.println(structure + "." + name + " " + offset(structure, name, words.group(3)));
            }
        }
    }

    private static Class<? extends Pointer> structure(String name) {
        for (String part : PACKAGES) {
            try {
                return Class.forName("org.bytedeco.ffmpeg." + part + "." + name).asSubclass(Pointer.class);
            } catch (ClassNotFoundException next) {
                continue;
            }
        }
        throw new IllegalStateException("there is no structure " + name);
    }

    /** The value of a constant. Some are defined inside of AVFormatContext. */
    private static int constant(String name) throws IllegalAccessException {
        for (Class<?> place : Stream.concat(GLOBALS.stream(), Stream.of(AVFormatContext.class)).toList()) {
            try {
                return place.getField(name).getInt(null);
            } catch (NoSuchFieldException next) {
                continue;
            }
        }
        throw new IllegalStateException("there is no constant " + name);
    }

    /** Where a member is that has this type in Rust, and an underscore behind it where it is a keyword there. */
    private static int offset(String structure, String member, String type) throws NoSuchMethodException {
        String name = member.replaceAll("_$", "");
        Method getter = structure(structure).getMethod(name);
        if (!fits(type, getter.getReturnType(), getter)) {
            throw new IllegalStateException(structure + "." + member + " is no " + type + ": " + getter);
        }
        return Loader.offsetof(structure(structure), name);
    }

    private static final Pattern FUNCTION = Pattern.compile("Option<unsafe extern \"C\" fn\\((.*)\\) -> (.*)>");

    /** Whether a type of Rust is what JavaCPP made of the header's. */
    private static boolean fits(String rust, Class<?> java, AnnotatedElement how) {
        String type = TYPES.getOrDefault(rust, rust);
        String target = type.replaceFirst("^\\*(mut|const) ", "");
        Matcher function = FUNCTION.matcher(type);
        if (function.matches()) {
            return FunctionPointer.class.isAssignableFrom(java)
                && fits(function.group(1).split(", "), function.group(2), java);
        }
        if (how.isAnnotationPresent(ByRef.class)) {
            return type.matches("\\w+") && java == structure(type);
        }
        return switch (type) {
            case "c_int", "c_uint" -> java == int.class;
            case "i64" -> java == long.class;
            default -> !target.equals(type) && java == switch (target) {
                case "c_void" -> Pointer.class;
                case "c_char", "u8" -> BytePointer.class;
                default -> target.startsWith("*") ? PointerPointer.class : structure(target);
            };
        };
    }

    private static boolean fits(String[] arguments, String result, Class<?> function) {
        Method call = Arrays.stream(function.getMethods()).filter(method -> method.getName().equals("call"))
            .findFirst().orElseThrow();
        Class<?>[] parameters = call.getParameterTypes();
        boolean fits = parameters.length == arguments.length && fits(result, call.getReturnType(), call);
        for (int n = 0; fits && n < arguments.length; n += 1) {
            fits = fits(arguments[n], parameters[n], call);
        }
        return fits;
    }
}
