// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.logging.LogManager;

/** The program {@code identity-audit}: what only a process has, and nothing else. */
public final class Main {
  private static final Path STDERR = Path.of("/proc/self/fd/2");

  private Main() {}

  /**
   * Runs the program and ends the process.
   *
   * @param arguments a command and its options
   */
  public static void main(String[] arguments) {
    // The libraries log what the program itself reports, each once and in one line.
    LogManager.getLogManager().reset();
    // Buffered, because a FileInputStream by itself seeks, which no pipe can (JDK 17).
    var in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
    var out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
            false,
            StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    var process = new Session.Surroundings(Clock.systemUTC(), System.getenv());
    System.exit(new Program(in, out, err, isTerminal(), process).run(arguments));
  }

  /** Whether somebody watches standard error, where that can be known: Java itself cannot tell. */
  private static boolean isTerminal() {
    try {
      String target = Files.readSymbolicLink(STDERR).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
