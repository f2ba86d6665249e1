// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.kerberos.keytab.KeytabEntry;
import dev.serviceidentity.kerberos.keytab.KeytabKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** deploy/kerberos/keytab-secrets with a real KDC, and what it makes with our acceptor. */
class KeytabSecretsInteropTest {
  private static final Path SCRIPT = Path.of("..", "deploy", "kerberos", "keytab-secrets");
  private static final String PRINCIPAL = "HTTP/orders.test";
  private static final int USAGE = 2;

  private record Outcome(int status, String text) {}

  @TempDir Path directory;
  private RealProgram bash;
  private RealProgram curl;
  private RealProgram getTicket;
  private MitRealm realm;
  private Map<String, String> environment;
  private Path secrets;
  private Path temporary;
  private List<String> access = List.of("--local");

  @BeforeEach
  void startRealm() throws Exception {
    bash = RealProgram.required("bash", "bash");
    RealProgram.required("flock", "util-linux");
    RealProgram.required("ktutil", "krb5-user");
    curl = RealProgram.required("curl", "curl");
    getTicket = RealProgram.required("kvno", "krb5-user");
    realm = MitRealm.in(directory);
    secrets = Files.createDirectory(directory.resolve("secrets"));
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString("rwx------"));
    temporary = Files.createDirectory(directory.resolve("tmp"));
    environment = new HashMap<>(realm.environment());
    environment.put("TMPDIR", temporary.toString());
  }

  @AfterEach
  void stopRealm() {
    if (realm != null) {
      realm.close();
    }
  }

  @Test
  void theFirstRunMakesPrincipalsAndSecretsWithWhichCallersAreVerified() throws Exception {
    run("test/orders", "test/web.v2");
    assertThat(kvnosOfKdc("HTTP/web.v2.test")).containsExactly(1L);
    assertThat(Files.readString(secrets.resolve("test.web.v2.yaml")))
        .contains("\n  name: web.v2-keytab\n  namespace: test\n");
    assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
  }

  @Test
  void whatHoldsKeysIsForItsOwnerAlone() throws Exception {
    run("test/orders");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(manifest())))
        .isEqualTo("rw-------");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void theSecondRunChangesNothing() throws Exception {
    run("test/orders");
    String first = Files.readString(manifest());
    assertThat(run("test/orders")).contains("as it should be, with key 1");
    assertThat(manifest()).hasContent(first);
    assertThat(kvnosOfKdc(PRINCIPAL)).containsExactly(1L);
  }

  @Test
  void aDryRunChangesNothingAndSaysWhatItWouldDo() throws Exception {
    assertThat(run("--dry-run", "test/orders")).contains("would publish and use key 1");
    assertThat(secrets).isEmptyDirectory();
    assertThat(realm.kadmin("listprincs")).doesNotContain(PRINCIPAL);
  }

  @Test
  void aTicketOfBeforeTheRotationAndOneOfAfterItAreAcceptedWithTheNewKeytab() throws Exception {
    run("test/orders");
    Map<String, String> before = caller();
    assertThat(ticketOf(before)).endsWith("kvno = 1");
    run("--rotate", "test/orders");
    assertThat(kvnosOfSecret()).containsExactly(1L, 2L);
    Map<String, String> after = caller();
    assertThat(ticketOf(after)).endsWith("kvno = 2");
    assertThat(List.of(greetingFor(before), greetingFor(after)))
        .containsOnly("hello kerberos:alice@MIT.EXAMPLE");
  }

  @Test
  void keysOfTheGivenAgeGetASuccessor() throws Exception {
    run("test/orders");
    assertThat(run("--rotate-after", "0s", "test/orders")).contains("the KDC uses key 2");
  }

  @Test
  void theNextKeyIsPublishedBeforeTheKdcUsesIt() throws Exception {
    run("test/orders");
    Process waiting = startAndAwaitPublication();
    try {
      assertThat(kvnosOfSecret()).containsExactly(1L, 2L);
      assertThat(ticketOf(caller())).endsWith("kvno = 1");
      assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
    } finally {
      waiting.destroy();
      assertThat(waiting.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(temporary).as("what a terminated run leaves").isEmptyDirectory();
  }

  @Test
  void whatAKilledRunHasBegunIsDoneAnewByTheNext() throws Exception {
    run("test/orders");
    Process waiting = startAndAwaitPublication();
    List<ProcessHandle> orphans = waiting.descendants().toList();
    waiting.destroyForcibly();
    assertThat(waiting.waitFor(30, TimeUnit.SECONDS)).isTrue();
    try {
      assertThat(run("test/orders")).contains("an earlier run was cut off", "the KDC uses key 2");
    } finally {
      orphans.forEach(ProcessHandle::destroyForcibly);
    }
    assertThat(kvnosOfSecret()).containsExactly(1L, 2L);
    assertThat(ticketOf(caller())).endsWith("kvno = 2");
    assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-keepold", "-clearpolicy"})
  void aKeyThatSomebodyElseHasMadeIsReplacedByOneThatTheSecretHas(String option) throws Exception {
    run("test/orders");
    if (option.equals("-keepold")) {
      realm.kadmin("cpw", "-randkey", option, PRINCIPAL);
    } else {
      // Another key of the same version.
      realm.kadmin("delprinc", "-force", PRINCIPAL);
      realm.kadmin("addprinc", "-randkey", option, PRINCIPAL);
    }
    assertThat(run("test/orders")).contains("and the Secret has not");
    assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
    assertThat(run("test/orders")).contains("as it should be");
  }

  @Test
  void oldKeysStayUntilTheLongestTicketHasEndedAndGoThen() throws Exception {
    run("test/orders");
    assertThat(run("--rotate", "--purge-after", "0s", "test/orders")).contains("stay for");
    assertThat(kvnosOfSecret()).containsExactly(1L, 2L);
    realm.kadmin("modprinc", "-maxlife", "2 seconds", PRINCIPAL);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    String said = "";
    while (!said.contains("purged the keys before 2") && System.nanoTime() < end) {
      said = run("--purge-after", "0s", "--skew", "0s", "test/orders");
    }
    assertThat(kvnosOfSecret()).containsExactly(2L);
    assertThat(kvnosOfKdc(PRINCIPAL)).containsExactly(2L);
  }

  @Test
  void afterALeakOldTicketsAreRefusedAtOnce() throws Exception {
    run("test/orders");
    Map<String, String> before = caller();
    ticketOf(before);
    run("--rotate", "--purge-now", "test/orders");
    assertThat(kvnosOfSecret()).containsExactly(2L);
    assertThat(greetingFor(before)).doesNotContain("hello");
    assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
  }

  @Test
  void runsAtOnceMakeOneKeyAndEndWell() throws Exception {
    List<Process> runs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      runs.add(start(directory.resolve("run-" + i), "test/orders", "test/web"));
    }
    for (Process each : runs) {
      assertThat(each.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(each.exitValue()).isZero();
    }
    assertThat(kvnosOfKdc(PRINCIPAL)).containsExactly(1L);
    assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rwxrwxrwx", "rwxrwx---", "rwx----w-"})
  void aDirectoryThatOthersCanWriteIsRefusedAndNothingIsDone(String rights) throws Exception {
    Files.setPosixFilePermissions(secrets, PosixFilePermissions.fromString(rights));
    Outcome outcome = outcome("test/orders");
    assertThat(outcome.status()).isEqualTo(USAGE);
    assertThat(outcome.text()).contains("others can write to");
    assertThat(secrets).isEmptyDirectory();
    assertThat(realm.kadmin("listprincs")).doesNotContain(PRINCIPAL);
  }

  @Test
  void aLinkInThePlaceOfAManifestIsReplacedAndNotFollowed() throws Exception {
    run("test/orders");
    Path elsewhere = Files.move(manifest(), directory.resolve("elsewhere"));
    String before = Files.readString(elsewhere);
    Files.createSymbolicLink(manifest(), elsewhere);
    run("--rotate", "test/orders");
    assertThat(elsewhere).hasContent(before);
    assertThat(Files.isSymbolicLink(manifest())).isFalse();
    try (var files = Files.list(secrets)) {
      assertThat(files).containsExactly(manifest());
    }
  }

  @Test
  void aPrincipalThatSomebodyElseMayHaveMadeGetsNewKeysOnlyWhenThatIsSaid() throws Exception {
    realm.kadmin("addprinc", "-randkey", PRINCIPAL);
    Outcome outcome = outcome("test/orders");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.text()).contains("exists, and no Secret here has a key of it", "--adopt");
    assertThat(kvnosOfKdc(PRINCIPAL)).containsExactly(1L);
    assertThat(secrets).isEmptyDirectory();
    assertThat(run("--adopt", "test/orders")).contains("the KDC uses key 2");
    assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
    assertThat(run("test/orders")).contains("as it should be, with key 2");
  }

  @Test
  void anAccountThatFailsDoesNotKeepTheOthersFromTheirKeys() throws Exception {
    Files.writeString(secrets.resolve("test.other.yaml"), "kind: Secret\n");
    Outcome outcome = outcome("test/other", "test/orders");
    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.text())
        .contains("test/other: FAILED: the Secret other-keytab is not of this program")
        .contains("test/orders: the KDC uses key 1");
    assertThat(secrets.resolve("test.other.yaml")).hasContent("kind: Secret\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "orders",
        "test/Orders",
        "test/or ders",
        "test/orders;id",
        "test/$(id)",
        "test/orders\ntest",
        "test/a/b",
        "../orders",
        "test/..",
        "te.st/orders",
        "-x/orders",
        "test/orders@OTHER.EXAMPLE",
        "test/*"
      })
  void aNameThatNoServiceAccountHasIsRefusedBeforeAnythingIsDone(String name) throws Exception {
    Outcome outcome = outcome("test/fine", name);
    assertThat(outcome.status()).isEqualTo(USAGE);
    assertThat(secrets).isEmptyDirectory();
    assertThat(realm.kadmin("listprincs")).doesNotContain("HTTP/");
  }

  @Test
  void noPasswordIsInArgumentsOrInWhatIsSaid() throws Exception {
    Path shims = Files.createDirectory(directory.resolve("shims"));
    Path seen = directory.resolve("arguments");
    for (String name : List.of("kadmin.local", "ktutil", "kinit", "klist", "base64", "cat")) {
      Path shim = shims.resolve(name);
      Files.writeString(
          shim,
          """
          #!/bin/bash
          printf '%%s\\n' "$0 $*" >> '%s'
          PATH=${PATH#*:}:/usr/sbin exec "${0##*/}" "$@"
          """
              .formatted(seen));
      Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwx------"));
    }
    environment.put("PATH", shims + ":" + System.getenv("PATH"));
    String said = run("test/orders") + run("--rotate", "test/orders");
    // What every password ends with, whatever it is.
    assertThat(Files.readString(SCRIPT)).contains(".aA1");
    assertThat(Files.readString(seen)).contains("cpw -keepold").doesNotContain(".aA1");
    assertThat(said).doesNotContain(".aA1").doesNotContain(keytabText());
  }

  @Test
  void anAdministratorOfTheseServicesAloneCanDoAllOfItFromElsewhere() throws Exception {
    try (AdminServer server = AdminServer.of(realm, directory, "acim HTTP/*@" + MitRealm.REALM)) {
      environment.putAll(server.environment());
      access =
          List.of("--admin", AdminServer.PRINCIPAL, "--admin-keytab", server.keytab().toString());
      run("test/orders");
      run("--rotate", "test/orders");
      assertThat(run("--purge-now", "test/orders")).contains("purged the keys before 2");
      assertThat(kvnosOfKdc(PRINCIPAL)).containsExactly(2L);
      assertThat(greetingFor(caller())).isEqualTo("hello kerberos:alice@MIT.EXAMPLE");
    }
  }

  @Test
  void whatTheAdministratorMayNotDoIsAFailureThatSaysSo() throws Exception {
    try (AdminServer server = AdminServer.of(realm, directory, "i")) {
      environment.putAll(server.environment());
      access =
          List.of("--admin", AdminServer.PRINCIPAL, "--admin-keytab", server.keytab().toString());
      Outcome outcome = outcome("test/orders");
      assertThat(outcome.status()).isEqualTo(1);
      assertThat(outcome.text()).contains("test/orders: FAILED").contains("``add'' privilege");
    }
  }

  private Process startAndAwaitPublication() throws IOException, InterruptedException {
    Path output = directory.resolve("waiting");
    Process process = start(output, "--rotate", "--settle", "10m", "test/orders");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.readString(output).contains("waiting 600 s") && System.nanoTime() < end) {
      assertThat(process.waitFor(20, TimeUnit.MILLISECONDS)).as("the run has ended").isFalse();
    }
    return process;
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    Outcome outcome = outcome(arguments);
    assertThat(outcome.status()).as(outcome.text()).isZero();
    return outcome.text();
  }

  private Outcome outcome(String... arguments) throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "run", ".out");
    Process process = start(output, arguments);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }

  private Process start(Path output, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of(SCRIPT.toString(), "--realm", MitRealm.REALM));
    command.addAll(access);
    command.addAll(List.of("--directory", secrets.toString()));
    command.addAll(List.of(arguments));
    return bash.start(environment, output, command.toArray(String[]::new));
  }

  private Map<String, String> caller() throws IOException, InterruptedException {
    Path alice = directory.resolve("alice.keytab");
    if (!Files.exists(alice)) {
      realm.principal("alice");
    }
    return realm.login("alice", alice);
  }

  private String ticketOf(Map<String, String> caller) throws IOException, InterruptedException {
    return getTicket.run(caller, directory, PRINCIPAL + "@" + MitRealm.REALM).strip();
  }

  /** What a service with the Secret's keytab answers. */
  private String greetingFor(Map<String, String> caller) throws Exception {
    try (var server = new GreetingServer(PRINCIPAL, keytab())) {
      String host = "orders.test:" + server.port();
      return curl.run(
              caller,
              directory,
              "--silent",
              "--noproxy",
              "*",
              "--negotiate",
              "--user",
              ":",
              "--resolve",
              host + ":127.0.0.1",
              "http://" + host + "/")
          .strip();
    }
  }

  private List<Long> kvnosOfSecret() throws Exception {
    return KeytabKeys.entries(keytab()).stream()
        .map(KeytabEntry::kvno)
        .distinct()
        .sorted()
        .toList();
  }

  private List<Long> kvnosOfKdc(String principal) throws IOException, InterruptedException {
    return realm
        .kadmin("getprinc", principal)
        .lines()
        .filter(line -> line.startsWith("Key: vno "))
        .map(line -> Long.valueOf(line.substring(9, line.indexOf(','))))
        .distinct()
        .sorted()
        .toList();
  }

  private Path keytab() throws IOException {
    byte[] content = Base64.getDecoder().decode(keytabText());
    return Files.write(directory.resolve("orders.keytab"), content);
  }

  private String keytabText() throws IOException {
    return Files.readString(manifest(), StandardCharsets.US_ASCII)
        .lines()
        .filter(line -> line.startsWith("  keytab: "))
        .map(line -> line.substring(10))
        .findFirst()
        .orElseThrow();
  }

  private Path manifest() {
    return secrets.resolve("test.orders.yaml");
  }
}
