// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the declarative form of {@link AllowedCallers}: a line is {@code <kind> <value>} or {@code
 * <kind> <value> on <path pattern>}, with kinds {@code service-account}, {@code principal} and
 * {@code principals-like}. Empty lines and lines that start with {@code #} are skipped. The file is
 * read once and is at most 1 MiB.
 */
final class AllowedCallersFile {
  private static final int LARGEST = 1 << 20;

  private AllowedCallersFile() {}

  static AllowedCallers read(Path file) {
    List<AllowedCallers> rules = new ArrayList<>();
    int number = 0;
    for (String line : lines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#")) {
        continue;
      }
      try {
        rules.add(rule(text.split("\\s+")));
      } catch (IllegalArgumentException malformed) {
        throw new IdentityException(
            Code.CONFIGURATION, file + ":" + number + ": " + malformed.getMessage(), malformed);
      }
    }
    if (rules.isEmpty()) {
      throw new IdentityException(
          Code.CONFIGURATION, file + ": names no caller; write for example 'service-account a/b'");
    }
    return AllowedCallers.anyOf(rules);
  }

  private static AllowedCallers rule(String[] words) {
    if (words.length == 4 && words[2].equals("on")) {
      return AllowedCallers.onPath(words[3], caller(words[0], words[1]));
    }
    if (words.length != 2) {
      throw new IllegalArgumentException(
          "A line is '<kind> <value>' or '<kind> <value> on <path>'");
    }
    return caller(words[0], words[1]);
  }

  private static AllowedCallers caller(String kind, String value) {
    return switch (kind) {
      case "service-account" -> AllowedCallers.serviceAccounts(value);
      case "principal" -> AllowedCallers.principals(value);
      case "principals-like" -> AllowedCallers.principalsLike(value);
      default ->
          throw new IllegalArgumentException(
              "The kinds are service-account, principal and principals-like");
    };
  }

  private static List<String> lines(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      // Not by the file's size, which is 0 for a device and may change while it is read.
      byte[] content = bytes.readNBytes(LARGEST + 1);
      if (content.length > LARGEST) {
        throw new IdentityException(Code.CONFIGURATION, file + ": is larger than 1 MiB");
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString().lines().toList();
    } catch (CharacterCodingException malformed) {
      throw new IdentityException(Code.CONFIGURATION, file + ": is not UTF-8 text", malformed);
    } catch (IOException unreadable) {
      throw new IdentityException(
          Code.CONFIGURATION, file + ": cannot be read; check path and permissions", unreadable);
    }
  }
}
