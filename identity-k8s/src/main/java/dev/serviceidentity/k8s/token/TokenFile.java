// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.token;

import static dev.serviceidentity.identity.IdentityException.Code.CONFIGURATION;

import dev.serviceidentity.identity.IdentityException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A projected token for one audience. The kubelet replaces the file by the swap of a link, so that
 * each reading is of one whole token. A token that is no good leaves the last one in use.
 */
final class TokenFile {
  private final String audience;
  private final Path file;
  private final TokenForm form;
  private final Clock clock;
  private volatile OwnToken token;
  private volatile @Nullable Trouble trouble;

  /** Reads the first token. */
  TokenFile(String audience, Path file, TokenForm form, Clock clock) {
    this.audience = audience;
    this.file = file;
    this.form = form;
    this.clock = clock;
    this.token = read();
  }

  OwnToken token() {
    return token;
  }

  @Nullable Trouble trouble() {
    return trouble;
  }

  /** Reads the file again. */
  void refresh() {
    Instant now = clock.instant();
    try {
      OwnToken read = read();
      if (!read.token().text().equals(token.token().text())) {
        token = read;
      }
      trouble = null;
    } catch (IdentityException e) {
      trouble = Trouble.of(trouble, String.valueOf(e.getMessage()), now);
    }
  }

  private OwnToken read() {
    return OwnToken.read(text(audience, file), audience, form, file.toString(), clock.instant());
  }

  /** Who has issued the token in a file. */
  static String issuerIn(String audience, Path file, Set<String> algorithms) {
    try {
      return ReadToken.parse(text(audience, file), algorithms).claims().text("iss").orElse("");
    } catch (RefusedToken e) {
      throw new IdentityException(
          CONFIGURATION, "The token " + file + " is no good: " + e.getMessage(), e);
    }
  }

  private static String text(String audience, Path file) {
    try {
      if (Files.size(file) > ReadToken.MOST_CHARACTERS) {
        throw new IdentityException(CONFIGURATION, "The token " + file + " is too large for one");
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new IdentityException(
          CONFIGURATION,
          "The token "
              + file
              + " for "
              + audience
              + " cannot be read; mount a projected"
              + " serviceAccountToken with this audience there",
          e);
    }
  }
}
