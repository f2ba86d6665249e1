// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.File;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which live cluster is meant, as {@code kubectl} is told it. */
final class KubeconfigOptions {
  private static final String USUAL = "";

  @Option(
      names = "--kubeconfig",
      arity = "0..1",
      fallbackValue = USUAL,
      paramLabel = "FILE",
      description =
          "Asks the live cluster that a kubeconfig names. Without FILE, and with --context alone, it"
              + " is that of the variable KUBECONFIG, or else ~/.kube/config.")
  private String file = USUAL;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "The context of the kubeconfig; its current one unless said.")
  private @Nullable String context;

  Kubeconfig choose(Session session) {
    return new Kubeconfig(
        Path.of(file.equals(USUAL) ? usual(session) : file), context == null ? "" : context);
  }

  private static String usual(Session session) {
    String named = session.environment().getOrDefault("KUBECONFIG", "");
    if (named.indexOf(File.pathSeparatorChar) >= 0) {
      throw Program.unusable(
          "KUBECONFIG names several files (%s), which are not merged here; say --kubeconfig FILE,"
                  .formatted(named)
              + " or write one by `kubectl config view --flatten`");
    }
    String home = session.environment().getOrDefault("HOME", "");
    return named.isEmpty() ? Path.of(home, ".kube", "config").toString() : named;
  }
}
