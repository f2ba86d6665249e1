// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import dev.serviceidentity.caller.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * An enum of reasons with what its source says: the Javadoc of a constant tells the cause, and is
 * not there any more when the program runs.
 */
record ReasonSource(
    String module, Class<? extends Reason> type, String purpose, Map<String, String> causes) {
  private static final Pattern ENUM_OF_REASONS =
      Pattern.compile("\\benum\\s+\\w+\\s+implements\\s[^{]*\\bReason\\b");
  private static final Path SOURCES = Path.of("src", "main", "java");

  /** All that the library's modules have, by their sources. */
  static List<ReasonSource> all(Path root) throws IOException {
    try (Stream<Path> modules = Files.list(root)) {
      return modules
          .filter(module -> module.getFileName().toString().startsWith("identity-"))
          .filter(module -> Files.isDirectory(module.resolve(SOURCES)))
          .sorted()
          .flatMap(ReasonSource::of)
          .toList();
    }
  }

  private static Stream<ReasonSource> of(Path module) {
    Path sources = module.resolve(SOURCES);
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> ENUM_OF_REASONS.matcher(text(file)).find())
          .sorted()
          .toList()
          .stream()
          .map(file -> read(module.getFileName().toString(), sources, file));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static ReasonSource read(String module, Path sources, Path file) {
    Map<String, String> comments = comments(file);
    Class<? extends Reason> type = type(module, sources.relativize(file));
    return new ReasonSource(
        module,
        type,
        Objects.requireNonNull(comments.remove(type.getSimpleName()), type.getName()),
        Map.copyOf(comments));
  }

  private static Class<? extends Reason> type(String module, Path source) {
    String name = source.toString().replace(".java", "").replace('/', '.');
    try {
      return Class.forName(name).asSubclass(Reason.class);
    } catch (ClassNotFoundException absent) {
      throw new IllegalStateException(
          "samples/shop must have " + module + " among its test dependencies", absent);
    }
  }

  private static Map<String, String> comments(Path file) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjects(file.toFile()));
      var comments = new Comments(DocTrees.instance(task));
      comments.scan(task.parse(), null);
      return comments.byName;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** The Javadoc of types and of their fields, as Markdown on one line. */
  private static final class Comments extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Map<String, String> byName = new HashMap<>();
    private final DocTrees trees;

    Comments(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void none) {
      keep(type.getSimpleName().toString());
      return super.visitClass(type, none);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree field, @Nullable Void none) {
      keep(field.getName().toString());
      return none;
    }

    private void keep(String name) {
      DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
      if (comment != null) {
        byName.put(name, markdown(comment.getFullBody()));
      }
    }

    private static String markdown(List<? extends DocTree> body) {
      return body.stream()
          .map(Comments::markdown)
          .collect(Collectors.joining())
          .replaceAll("\\s+", " ");
    }

    private static String markdown(DocTree part) {
      if (part instanceof TextTree text) {
        return text.getBody();
      }
      if (part instanceof LiteralTree code) {
        return "`" + code.getBody().getBody() + "`";
      }
      if (part instanceof LinkTree link) {
        return "`" + link.getReference().getSignature() + "`";
      }
      throw new IllegalStateException("Not known how to write as Markdown: " + part);
    }
  }
}
