// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import dev.serviceidentity.spi.ForeignText;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads the lines of one file as MIT's profile library does: sections, {@code name = value}, blocks
 * whose opening brace ends its line or stands alone on the next, and comments on lines of their
 * own. Marks of finality are read and change nothing, because they concern further files that
 * KRB5_CONFIG names, and here is one with its includes.
 *
 * @see <a href="https://web.mit.edu/kerberos/krb5-latest/doc/admin/conf_files/krb5_conf.html">MIT
 *     krb5.conf</a>
 */
final class ConfText {
  private static final int DEEPEST_BLOCK = 8;

  private final ConfReader reader;
  private final Path file;

  /** The section and the blocks in it that are open, the innermost first. */
  private final Deque<ConfSection> open = new ArrayDeque<>();

  private @Nullable String awaitsBrace;
  private ConfPlace place;

  ConfText(ConfReader reader, Path file) {
    this.reader = reader;
    this.file = file;
    this.place = new ConfPlace(file, 1);
  }

  void read(String text) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      place = new ConfPlace(file, ++number);
      line(line);
    }
    if (awaitsBrace != null) {
      throw noValue();
    }
    if (open.size() > 1) {
      throw place.wrong(
          "the file ends within the block of " + openBlock(), "Close it with } or complete it.");
    }
  }

  private void line(String whole) {
    String line = whole.strip();
    if (isDirective(whole, "include")) {
      reader.include(line.substring("include".length()).strip(), place);
    } else if (isDirective(whole, "includedir")) {
      reader.includeDirectory(line.substring("includedir".length()).strip(), place);
    } else if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
      return;
    } else if (open.isEmpty()) {
      beforeSections(whole, line);
    } else if (awaitsBrace != null) {
      brace(awaitsBrace, line);
    } else if (line.startsWith("[")) {
      header(line);
    } else if (line.startsWith("}")) {
      close(line);
    } else {
      relation(line);
    }
  }

  private static boolean isDirective(String line, String word) {
    return line.startsWith(word)
        && line.length() > word.length()
        && Character.isWhitespace(line.charAt(word.length()));
  }

  /** MIT's library reads nothing before a bracket at the beginning of a line. */
  private void beforeSections(String whole, String line) {
    if (isDirective(whole, "module")) {
      throw place.wrong(
          "the configuration comes from a module of MIT's library",
          "Write a krb5.conf for this service, or say the realms in code.");
    }
    if (whole.startsWith("[")) {
      header(line);
    } else {
      reader.warn(
          place,
          ForeignText.quote(line)
              + " stands before the first [section] and is not read; a section begins at the"
              + " beginning of its line");
    }
  }

  private void header(String line) {
    int end = line.indexOf(']');
    String after = end < 0 ? "" : line.substring(end + 1);
    if (end < 0 || !after.matches("\\*?\\s*")) {
      throw place.wrong(
          ForeignText.quote(line) + " is not a section",
          "Write [name] alone, and comments on lines of their own.");
    }
    if (open.size() > 1) {
      throw place.wrong(
          "a section begins within the block of " + openBlock(), "Close the block with }.");
    }
    open.clear();
    open.push(reader.root().section(line.substring(1, end), place));
  }

  private void close(String line) {
    if (open.size() <= 1) {
      throw place.wrong(
          "this } closes nothing",
          "Take it away; the opening { ends its line, with no comment behind it.");
    }
    if (!line.matches("}\\*?")) {
      reader.warn(place, "what follows the } is not read: " + ForeignText.quote(line));
    }
    open.pop();
  }

  private void relation(String line) {
    int equals = line.indexOf('=');
    String name = equals < 0 ? "" : line.substring(0, equals).strip();
    if (name.isEmpty() || name.chars().anyMatch(Character::isWhitespace)) {
      throw place.wrong(
          ForeignText.quote(line) + " is not of the form name = value",
          "Write one setting to a line; include and includedir begin at the beginning of theirs.");
    }
    String value = line.substring(equals + 1).strip();
    int mark = name.indexOf('*');
    String plain = mark < 0 ? name : name.substring(0, mark);
    if (value.isEmpty()) {
      awaitsBrace = plain;
    } else if (value.startsWith("{")) {
      block(plain, value);
    } else {
      String text = value.startsWith("\"") ? unquoted(value) : value;
      top().add(new ConfRelation(plain, text, place));
    }
  }

  private void block(String name, String value) {
    if (value.length() > 1 && value.endsWith("}")) {
      // MIT takes this for a setting with a strange value; whoever uses it warns.
      top().add(new ConfRelation(name, value, place));
    } else {
      brace(name, value);
    }
  }

  private void brace(String name, String line) {
    if (!line.startsWith("{")) {
      throw noValue();
    }
    if (line.length() > 1) {
      throw place.wrong(
          ForeignText.quote(line) + " has something behind its {",
          "Write it on the next line; blocks of one line are not read by MIT's library either.");
    }
    if (open.size() > DEEPEST_BLOCK) {
      throw place.wrong("more than " + DEEPEST_BLOCK + " blocks are open", "Close some with }.");
    }
    awaitsBrace = null;
    open.push(top().section(name, place));
  }

  private RuntimeException noValue() {
    return place.wrong(
        ForeignText.quote(awaitsBrace + " =") + " above has neither a value nor a block",
        "Write a value, \"\" for an empty one, or {.");
  }

  private ConfSection top() {
    return open.element();
  }

  private String openBlock() {
    return ForeignText.quote(top().name()) + ", open since " + top().place();
  }

  private static String unquoted(String value) {
    var text = new StringBuilder();
    for (int i = 1; i < value.length() && value.charAt(i) != '"'; i++) {
      char c = value.charAt(i);
      text.append(c == '\\' && i + 1 < value.length() ? escaped(value.charAt(++i)) : c);
    }
    return text.toString();
  }

  private static char escaped(char c) {
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'b' -> '\b';
      default -> c;
    };
  }
}
