// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.identity.IdentityException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The commands, their streams, and how they end: an error is a line, never a stack trace. */
record Program(PrintStream out, PrintStream err, boolean watched) {
  private static final String NAME = "identity-audit";

  int run(String... arguments) {
    var output = new PrintWriter(out, false, StandardCharsets.UTF_8);
    var session = new Session(output, this::error, new Progress(watched ? err : null));
    var line =
        new CommandLine(new AuditCommand())
            .addSubcommand(new CheckCommand(session))
            .addSubcommand(new ExpectCommand(session))
            .addSubcommand(new MatrixCommand(session))
            .addSubcommand(new AutoComplete.GenerateCompletion())
            .setOut(output)
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOverwrittenOptionsAllowed(false)
            .setParameterExceptionHandler((e, given) -> wrongUse(e))
            .setExecutionExceptionHandler((e, command, result) -> failed(e));
    try {
      int code = line.execute(arguments);
      output.flush();
      return code;
    } catch (OutOfMemoryError e) {
      return failed("there is not enough memory; give Java more, for example by -Xmx4g");
    }
  }

  private int wrongUse(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    return failed(e.getMessage() + " (" + command + " --help tells more)");
  }

  private int failed(Exception e) {
    if (e instanceof UnusableInput unusable) {
      unusable.lines().forEach(this::error);
      return ExitCode.UNUSABLE;
    }
    if (e instanceof IdentityException trouble) {
      return failed(String.valueOf(trouble.getMessage()));
    }
    StackTraceElement[] trace = e.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    return failed("this is a mistake in the program, please report it: " + e + where);
  }

  private int failed(String message) {
    error(NAME + ": " + message);
    return ExitCode.UNUSABLE;
  }

  private void error(String line) {
    err.println(Printable.of(line));
  }

  /** For messages that name neither a file nor a line. */
  static UnusableInput unusable(String message) {
    return new UnusableInput(List.of(NAME + ": " + message));
  }
}
