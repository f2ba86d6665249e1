// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a file of expectations whole, or says of each line what is wrong with it. */
final class ExpectationFile {
  private static final int LARGEST = 64 << 20;
  private static final int MOST_PROBLEMS = 20;

  private final String path;
  private final List<Expectation> expectations = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private ExpectationFile(String path) {
    this.path = path;
  }

  /**
   * Reads JSON lines, or YAML where the name ends so or the text does not begin with an object.
   *
   * @throws UnusableInput if not every line is an expectation, or there is none
   */
  static List<Expectation> read(Path path, StandardInput in) {
    boolean piped = path.toString().equals(StandardInput.ARGUMENT);
    var file = new ExpectationFile(piped ? StandardInput.NAME : path.toString());
    String text = piped ? file.text(in.take()) : file.text(path);
    String name = file.path.toLowerCase(Locale.ROOT);
    boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
    if (!yaml && text.stripLeading().startsWith("{")) {
      new JsonLines(file::accept, file::problem).read(text);
    } else {
      new YamlEntries(file::accept, file::problem).read(text);
    }
    if (file.expectations.isEmpty() && file.problems.isEmpty()) {
      file.problem(1, "there is no expectation in the file, so that nothing would be tested");
    }
    file.failIfProblems();
    return file.expectations;
  }

  private String text(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return text(bytes);
    } catch (NoSuchFileException e) {
      throw unreadable("there is no such file");
    } catch (IOException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    }
  }

  private String text(InputStream stream) {
    try {
      byte[] bytes = stream.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw unreadable("it is larger than " + LARGEST + " bytes; split it");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw unreadable("it is not UTF-8 text; save it as such");
    } catch (IOException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    }
  }

  private UnusableInput unreadable(String why) {
    return Program.unusable("the expectations in '" + path + "' cannot be read: " + why);
  }

  private void accept(Entry entry) {
    try {
      expectations.add(entry.toExpectation(path));
    } catch (IllegalArgumentException e) {
      problem(entry.line(), String.valueOf(e.getMessage()));
    }
  }

  private void problem(int line, String message) {
    problems.add(path + ":" + line + ": error: " + message);
    if (problems.size() >= MOST_PROBLEMS) {
      problems.add(path + ": error: there may be more; the rest has not been read");
      failIfProblems();
    }
  }

  private void failIfProblems() {
    if (!problems.isEmpty()) {
      throw new UnusableInput(problems);
    }
  }
}
