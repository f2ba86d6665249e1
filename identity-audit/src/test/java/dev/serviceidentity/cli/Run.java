// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One run of the program in this JVM. */
record Run(int code, String out, String err) {
  static final String SHOP = "../samples/shop/k8s";

  /** A clock of which every look at it takes a millisecond. */
  private static final class Ticking extends Clock {
    private final AtomicLong millis =
        new AtomicLong(Instant.parse("2026-01-02T03:04:05Z").toEpochMilli());

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis.getAndIncrement());
    }
  }

  static Run of(Object... arguments) {
    return captured("", false, arguments);
  }

  static Run piped(String in, Object... arguments) {
    return captured(in, false, arguments);
  }

  static Run watched(Object... arguments) {
    return captured("", true, arguments);
  }

  /** One with variables of the environment. */
  static Run within(Map<String, String> environment, Object... arguments) {
    var out = new ByteArrayOutputStream();
    return captured(out, run(out, "", false, environment, arguments));
  }

  private static Run captured(String in, boolean watched, Object... arguments) {
    var out = new ByteArrayOutputStream();
    return captured(out, to(out, in, watched, arguments));
  }

  private static Run captured(ByteArrayOutputStream out, Run run) {
    return new Run(run.code, out.toString(StandardCharsets.UTF_8), run.err);
  }

  /** One whose output goes elsewhere. */
  static Run to(OutputStream out, String in, boolean watched, Object... arguments) {
    return run(out, in, watched, Map.of(), arguments);
  }

  private static Run run(
      OutputStream out,
      String in,
      boolean watched,
      Map<String, String> environment,
      Object... arguments) {
    var err = new ByteArrayOutputStream();
    var program =
        new Program(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            watched,
            new Session.Surroundings(new Ticking(), environment));
    int code = program.run(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(code, "", err.toString(StandardCharsets.UTF_8));
  }

  List<String> errors() {
    return err.lines().toList();
  }

  /** Writes a file for a run to read. */
  static Path file(Path directory, String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String pod(String namespace, String name, String more) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {namespace: %s, name: '%s', labels: {app: '%s'}}
        %s
        ---
        """
        .formatted(namespace, name, name, more);
  }

  static String podAt(String namespace, String name, String... addresses) {
    var all = Stream.of(addresses).map(each -> "{ip: '" + each + "'}").toList();
    return pod(namespace, name, "status: {phase: Running, podIPs: " + all + "}");
  }

  /** A policy whose {@code spec} is given in flow style. */
  static String policy(String namespace, String name, String spec) {
    return """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {namespace: %s, name: %s}
        spec: %s
        ---
        """
        .formatted(namespace, name, spec);
  }

  static String namespaces(String... names) {
    return String.join(
        "",
        Stream.of(names)
            .map(name -> "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}\n---\n")
            .toList());
  }

  /** Two pods of which one is open at more ports than a line can hold. */
  static String scatteredPorts() {
    var ports = IntStream.range(0, 2_000).mapToObj(i -> "{port: " + (10_000 + 2 * i) + "}");
    return namespaces("a")
        + pod("a", "x", "")
        + pod("a", "y", "")
        + policy(
            "a",
            "p",
            "{podSelector: {matchLabels: {app: x}}, ingress: [{ports: [%s]}]}"
                .formatted(ports.collect(Collectors.joining(", "))));
  }
}
