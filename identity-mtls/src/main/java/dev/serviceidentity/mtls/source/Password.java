// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serviceidentity.mtls.pem.BoundedFile;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The password of a key or of a key store, asked for at each reading and cleared after it. Its
 * {@code toString} shows nothing of it. Immutable and thread-safe.
 */
public final class Password {
  private final Supplier<char[]> source;
  private final Set<Path> files;

  private Password(Supplier<char[]> source, Set<Path> files) {
    this.source = source;
    this.files = files;
  }

  /**
   * A password from elsewhere.
   *
   * @param source gives the password at each call; its array is copied and left as it is
   * @return the password
   */
  public static Password from(Supplier<char[]> source) {
    Objects.requireNonNull(source, "source");
    return new Password(() -> source.get().clone(), Set.of());
  }

  /**
   * A password in a file of its own, in UTF-8; line ends at its end are no part of it. The file is
   * watched like the one that it opens.
   *
   * @param file where it is
   * @return the password
   */
  public static Password file(Path file) {
    Objects.requireNonNull(file, "file");
    return new Password(() -> read(file), Set.of(file));
  }

  /** A copy that whoever takes it clears. */
  char[] read() {
    return source.get();
  }

  Set<Path> files() {
    return files;
  }

  /** Returns no password. */
  @Override
  public String toString() {
    return "Password[redacted]";
  }

  private static char[] read(Path file) {
    byte[] bytes = new BoundedFile(file, file).read();
    CharBuffer text = UTF_8.decode(ByteBuffer.wrap(bytes));
    int end = text.limit();
    while (end > 0 && (text.get(end - 1) == '\n' || text.get(end - 1) == '\r')) {
      end--;
    }
    char[] password = new char[end];
    text.get(0, password);
    Arrays.fill(bytes, (byte) 0);
    Arrays.fill(text.array(), '\0');
    return password;
  }
}
