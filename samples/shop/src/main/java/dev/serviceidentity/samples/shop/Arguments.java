// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.shop;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line.
 *
 * @param manifests the folder of the cluster's manifests
 * @param keep where to leave keys and logs, or null
 * @param serve whether to stay open after the table
 * @param help whether only the usage is wanted
 */
record Arguments(Path manifests, @Nullable Path keep, boolean serve, boolean help) {
  static final String USAGE =
      """
      usage: samples/run [--spring] [--serve] [--keep DIR] [--help]
        --spring    with orders and payments as Spring Boot services
        --serve     keep the services up after the table, and print curl commands to paste
        --keep DIR  leave keytabs, certificates, manifests and audit logs in DIR (empty or new)
      Exits with 0 if every call came to what it should, 1 if one did not, 2 if it could not start.""";

  static Arguments parse(List<String> words) {
    Path manifests = Path.of("samples/shop/k8s");
    Path keep = null;
    boolean serve = false;
    boolean help = false;
    Deque<String> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      String word = rest.pop();
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      if (equals > 0) {
        rest.push(word.substring(equals + 1));
        word = word.substring(0, equals);
      }
      switch (word) {
        case "--manifests" -> manifests = path(word, rest);
        case "--keep" -> keep = path(word, rest);
        case "--serve" -> serve = true;
        case "--help", "-h" -> help = true;
        default -> throw new IllegalArgumentException("unknown argument " + word);
      }
    }
    return new Arguments(manifests, keep, serve, help);
  }

  private static Path path(String option, Deque<String> rest) {
    if (rest.isEmpty() || rest.peek().isEmpty() || rest.peek().startsWith("--")) {
      throw new IllegalArgumentException(option + " needs a folder");
    }
    return Path.of(rest.pop());
  }
}
