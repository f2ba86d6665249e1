// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of a test's own, with the class path of this one and settings that cannot be changed. */
final class ChildJvm {
  private ChildJvm() {}

  /** Starts a program with its errors among its output. */
  static Process start(Class<?> program, List<String> settings, Object... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    command.addAll(settings);
    command.add(program.getName());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
