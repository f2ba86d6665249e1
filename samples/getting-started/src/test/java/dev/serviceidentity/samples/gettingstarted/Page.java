// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.gettingstarted;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** A page of docs, and what it tells a reader to write, to type and to expect. */
public record Page(String name, String text) {
  static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  /** A command with what is shown below it. */
  record Step(String command, String answer) {}

  public static Page of(String name) {
    try {
      return new Page(name, Files.readString(ROOT.resolve("docs").resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All blocks of one language, in their order. */
  List<String> blocks(String language) {
    return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  /** What is typed before the service is there, and while it runs. */
  List<Step> steps(String console) {
    return Pattern.compile("^\\$ (.*)\\n((?:(?!\\$ ).*\\n)*)", Pattern.MULTILINE)
        .matcher(console)
        .results()
        .map(found -> new Step(found.group(1), found.group(2)))
        .toList();
  }
}
