// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @TempDir private Path directory;

  @Test
  void helpNamesTheCommandsAndTheExitCodes() {
    Run run = Run.of("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("check", "expect", "matrix", "generate-completion", "Exit code");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"check", "expect", "matrix"})
  void eachCommandHasHelp(String command) {
    Run run = Run.of(command, "--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("--manifests=PATH").contains("Exit code");
  }

  @Test
  void theVersionIsOneLine() {
    Run run = Run.of("--version");

    assertThat(run.code()).isZero();
    assertThat(run.out().lines()).hasSize(1).first().asString().startsWith("identity-audit ");
  }

  @Test
  void completionIsAScriptOfTheShell() {
    Run run = Run.of("generate-completion");

    assertThat(run.code()).isZero();
    assertThat(run.out()).startsWith("#!/usr/bin/env bash").contains("--manifests");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "guess",
        "--frobnicate",
        "check",
        "check -m x --from a/b --to c/d",
        "check -m x --from a --to c/d --port 1",
        "check -m x --from a/b/c/d --to c/d --port 1",
        "check -m x --from a/ --to c/d --port 1",
        "check -m x --from 10.0.0.0.1 --to c/d --port 1",
        "check -m x --from a/b --to c/d --port 0",
        "check -m x --from a/b --to c/d --port 65536",
        "check -m x --from a/b --to c/d --port 80/ICMP",
        "check -m x --from a/b --to c/d --port http",
        "check -m x --from a/b --from a/b --to c/d --port 1",
        "check -m x --from a/b --to c/d --port 1 --output xml",
        "check -m x --from a/b --to c/d --port 1 rest",
        "expect -m x",
        "expect --expectations x",
        "matrix -m x --output pdf",
        "matrix",
        "matrix -m x --kubeconfig y",
        "matrix -m x --context y",
      })
  void wrongUseIsOneLineOnStandardErrorAndEndsWithTwo(String arguments) {
    Run run = Run.of((Object[]) arguments.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).startsWith("identity-audit: ").contains("--help");
  }

  @ParameterizedTest
  @CsvSource({
    "chek, 'did you mean `check`?'",
    "check --form a/b, 'did you mean `--from`?'",
    "check -m x --from a/b --to c/d --port 1 --outptu json, 'did you mean `--output`?'",
    "check -m x --from 10.0.0.0/8 --to c/d --port 1, 'is a block of addresses'",
    "check -m x --from a/b --to 2001:db8::/32 --port 1, 'is a block of addresses'",
    "check -m x --from a/b --to c/d --port https, 'is no port; write 8080 or 53/UDP'",
    "check -m x --from a/b --to c/d --port 1 -o yaml, '''yaml'' is none of text, json'",
    "matrix -m x --pods-in-blocks maybe, 'is none of match, ignore, undecidable'",
  })
  void wrongUseIsToldWithWhatWouldBeRight(String arguments, String help) {
    Run run = Run.of((Object[]) arguments.split(" ", -1));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains(help);
  }

  @Test
  void manifestsThatAreNotThereAreOneLine() {
    Run run = Run.of("matrix", "-m", directory.resolve("none"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).startsWith("identity-audit: There is no file or directory");
  }

  @Test
  void aKubeconfigThatIsNotThereIsOneLine() {
    Run run = Run.of("matrix", "--kubeconfig", directory.resolve("none"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("there is no kubeconfig that can be read at");
  }

  @Test
  void whatIsNoKubeconfigIsOneLine() {
    Run run = Run.of("matrix", "--kubeconfig", Run.file(directory, "k", "foo: ["));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).startsWith("identity-audit: " + directory.resolve("k") + " is no");
  }

  @Test
  void severalKubeconfigsAreNotMerged() {
    Run run = Run.within(Map.of("KUBECONFIG", "a:b"), "matrix", "--kubeconfig");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("names several files (a:b)", "--flatten");
  }

  @Test
  void manifestsWithoutAnyObjectAreOneLine() {
    Path file = Run.file(directory, "m.yaml", "just text\n");

    Run run = Run.of("matrix", "-m", file);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).contains("No Kubernetes object could be read");
  }

  @Test
  void filesAndDirectoriesMayBeGivenTogether() {
    Path file = Run.file(directory, "m.yaml", Run.pod("shop", "extra", ""));

    Run run =
        Run.of(
            "check",
            "-m",
            Run.SHOP,
            "-m",
            file,
            "--from",
            "shop/extra",
            "--to",
            "shop/web-0",
            "-p",
            "1");

    assertThat(run.out()).startsWith("DENIED");
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() {
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("No space left on device");
          }
        };

    Run run = Run.to(full, "", false, "matrix", "-m", Run.SHOP);

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.errors()).hasSize(1);
    assertThat(run.err()).startsWith("identity-audit: the output could not be written");
  }

  @Test
  void progressIsShownOnlyToSomebodyWhoWatchesLongWork() {
    String expectation =
        "{\"from\": \"shop/web-0\", \"to\": \"shop/orders-0\", \"port\": 8443, \"expect\": \"ALLOWED\"}\n";
    Path many = Run.file(directory, "many.jsonl", expectation.repeat(5_000));
    Path few = Run.file(directory, "few.jsonl", expectation);

    List<String> shown =
        List.of(
            Run.watched("expect", "-m", Run.SHOP, "-e", many).err(),
            Run.watched("expect", "-m", Run.SHOP, "-e", few).err(),
            Run.of("expect", "-m", Run.SHOP, "-e", many).err());

    assertThat(shown.get(0)).contains("\rexpectations  50%").endsWith(" \r");
    assertThat(shown.get(0)).doesNotContain("  9%").contains(" 98%");
    assertThat(shown.subList(1, 3)).containsOnly("");
  }
}
