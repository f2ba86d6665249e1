// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** MIT's kadmind beside a realm, with one administrator. */
final class AdminServer implements AutoCloseable {
  static final String PRINCIPAL = "keytabs/admin";

  private static final int LONGEST_START_SECONDS = 60;

  private final Path keytab;
  private final Map<String, String> environment;
  private final Process process;

  private AdminServer(Path keytab, Map<String, String> environment, Process process) {
    this.keytab = keytab;
    this.environment = environment;
    this.process = process;
  }

  /** Starts it, or skips the test. The rights are as in kadm5.acl, behind the principal. */
  static AdminServer of(MitRealm realm, Path directory, String rights)
      throws IOException, InterruptedException {
    RealProgram program = RealProgram.required("kadmind", "krb5-admin-server");
    RealProgram.required("kadmin", "krb5-user");
    Path keytab = realm.principal(PRINCIPAL);
    String administrator = PRINCIPAL + "@" + MitRealm.REALM;
    Files.writeString(directory.resolve("acl"), administrator + " " + rights + "\n");
    int port = RealProgram.unusedPort();
    Map<String, String> environment =
        Map.of(
            "KRB5_CONFIG",
            extended(directory, "krb5.conf", "admin_server = 127.0.0.1:" + port),
            "KRB5_KDC_PROFILE",
            extended(
                directory,
                "kdc.conf",
                "kadmind_listen = 127.0.0.1:" + port,
                "kpasswd_listen = 127.0.0.1:" + RealProgram.unusedPort()));
    Path output = directory.resolve("kadmind.out");
    Process process = program.start(environment, output, "-nofork", "-r", MitRealm.REALM);
    var server = new AdminServer(keytab, environment, process);
    server.awaitStart(output);
    return server;
  }

  Path keytab() {
    return keytab;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Copies a file of the realm with more lines in the realm's block. */
  private static String extended(Path directory, String name, String... lines) throws IOException {
    String block = MitRealm.REALM + " = {\n";
    String text = Files.readString(directory.resolve(name));
    assertThat(text).contains(block);
    Path copy = directory.resolve("admin-" + name);
    Files.writeString(copy, text.replace(block, block + String.join("\n", lines) + "\n"));
    return copy.toString();
  }

  private void awaitStart(Path output) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
    while (!Files.readString(output).contains("starting...")) {
      boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() > end) {
        close();
        assertThat(Files.readString(output)).as("kadmind runs").isNull();
      }
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
