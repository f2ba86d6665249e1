// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.k8s.cluster.Spelling;
import dev.serviceidentity.k8s.policy.Assumptions.PodsInBlocks;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The commands, their streams, and how they end: an error is a line, never a stack trace. */
record Program(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean watched,
    Session.Surroundings process) {
  private static final String NAME = "identity-audit";

  int run(String... arguments) {
    var output = new PrintWriter(out, false, StandardCharsets.UTF_8);
    try {
      int code = commands(output).execute(arguments);
      // Nobody may take half an answer for a whole one.
      return output.checkError()
          ? failed("the output could not be written to its end; what is there is not the answer")
          : code;
    } catch (OutOfMemoryError e) {
      return failed("there is not enough memory; give Java more, for example by -Xmx4g");
    }
  }

  private CommandLine commands(PrintWriter output) {
    var progress = new Progress(watched ? err : null, process.clock());
    var session = new Session(new StandardInput(in), output, this::error, progress, process);
    var commands =
        new CommandLine(new AuditCommand())
            .addSubcommand(new CheckCommand(session))
            .addSubcommand(new ExpectCommand(session))
            .addSubcommand(new MatrixCommand(session))
            .addSubcommand(new DoctorCommand(session))
            .addSubcommand(new ProbeCommand(session))
            .addSubcommand(new AutoComplete.GenerateCompletion())
            .setOut(output)
            .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
            .setOverwrittenOptionsAllowed(false)
            .setParameterExceptionHandler((e, given) -> wrongUse(e))
            .setExecutionExceptionHandler((e, command, result) -> failed(e));
    readWords(commands, CheckCommand.Output.class);
    readWords(commands, ExpectCommand.Output.class);
    readWords(commands, MatrixCommand.Output.class);
    readWords(commands, DoctorCommand.Output.class);
    readWords(commands, ProbeCommand.Output.class);
    readWords(commands, PodsInBlocks.class);
    readWords(commands, Verdict.class);
    return commands;
  }

  private static <E extends Enum<E>> void readWords(CommandLine commands, Class<E> type) {
    commands.registerConverter(type, new WordConverter<>(type));
  }

  private int wrongUse(ParameterException e) {
    CommandLine command = e.getCommandLine();
    List<String> unmatched = command.getUnmatchedArguments();
    return failed(
        "%s (%s --help tells more)"
            .formatted(
                unmatched.isEmpty() ? e.getMessage() : notUnderstood(unmatched.get(0), command),
                command.getCommandSpec().qualifiedName()));
  }

  private static String notUnderstood(String argument, CommandLine command) {
    var known = new HashSet<String>(command.getCommandSpec().optionsMap().keySet());
    known.addAll(command.getSubcommands().keySet());
    return "'"
        + argument
        + "' is not understood"
        + Spelling.hint(Spelling.nearest(argument, known));
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
