// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** MIT's KDC as a process of its own, with a realm in a directory of the test. */
final class MitRealm implements AutoCloseable {
  static final String REALM = "MIT.EXAMPLE";

  private static final int LONGEST_START_SECONDS = 30;
  private static final int MOST_ATTEMPTS = 5;

  private final Path directory;
  private final RealProgram kadmin = RealProgram.required("kadmin.local", "krb5-admin-server");
  private final RealProgram kinit = RealProgram.required("kinit", "krb5-user");
  private final Map<String, String> environment;
  private final Process kdc;

  private MitRealm(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    this.environment =
        Map.of(
            "KRB5_CONFIG", directory.resolve("krb5.conf").toString(),
            "KRB5_KDC_PROFILE", directory.resolve("kdc.conf").toString());
    RealProgram server = RealProgram.required("krb5kdc", "krb5-kdc");
    RealProgram database = RealProgram.required("kdb5_util", "krb5-kdc");
    configure(unusedPort());
    database.run(environment, directory, "create", "-s", "-r", REALM, "-P", "master");
    this.kdc = start(server);
  }

  /** Somebody else may take the port before the KDC does; then it ends, and has another one. */
  private Process start(RealProgram server) throws IOException, InterruptedException {
    Path output = directory.resolve("krb5kdc.out");
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      Process started = server.start(environment, output, "-n", "-r", REALM);
      if (serves(started)) {
        return started;
      }
      end(started);
      configure(unusedPort());
    }
    return fail("krb5kdc does not start: " + Files.readString(output));
  }

  /** Starts the realm, or skips the test. */
  static MitRealm in(Path directory) throws IOException, InterruptedException {
    return new MitRealm(directory);
  }

  /** For JVMs, which need no more than MIT's programs do. */
  Path krb5Conf() {
    return directory.resolve("krb5.conf");
  }

  /** A service of the realm that accepts callers. */
  static KerberosIdentity acceptor(String service, Path keytab) {
    return KerberosIdentity.builder()
        .principal(service + "@" + REALM)
        .keytab(keytab)
        .acceptOnly()
        .open();
  }

  /** Adds a principal with random keys and writes a keytab of them. */
  Path principal(String name, String... options) throws IOException, InterruptedException {
    var add = new String[options.length + 3];
    add[0] = "addprinc";
    add[1] = "-randkey";
    System.arraycopy(options, 0, add, 2, options.length);
    add[add.length - 1] = name;
    kadmin(add);
    Path keytab = directory.resolve(name.replace('/', '-') + ".keytab");
    kadmin("ktadd", "-norandkey", "-k", keytab.toString(), name);
    return keytab;
  }

  /** Adds a service that has one type of keys for tickets and for sessions. */
  Path service(String name, String type) throws IOException, InterruptedException {
    Path keytab = principal(name, "-e", type + ":normal");
    // Otherwise sessions are of type 18, which the KDC takes every service to know.
    kadmin("setstr", name, "session_enctypes", type);
    return keytab;
  }

  /** Gives a principal new keys and adds them to its keytab. */
  void rotate(String name, Path keytab) throws IOException, InterruptedException {
    kadmin("ktadd", "-k", keytab.toString(), name);
  }

  /** Logs in, and returns the environment for programs of whoever has logged in. */
  Map<String, String> login(String name, Path keytab) throws IOException, InterruptedException {
    var own = new HashMap<String, String>(environment);
    own.put("KRB5CCNAME", "FILE:" + Files.createTempFile(directory, "ccache", ""));
    kinit.run(own, directory, "-k", "-t", keytab.toString(), name + "@" + REALM);
    return own;
  }

  /** The environment in which programs find this realm. */
  Map<String, String> environment() {
    return environment;
  }

  /** Asks the realm's database, and returns what it says. */
  String kadmin(String... query) throws IOException, InterruptedException {
    var arguments = new String[query.length + 2];
    arguments[0] = "-r";
    arguments[1] = REALM;
    System.arraycopy(query, 0, arguments, 2, query.length);
    return kadmin.run(environment, directory, arguments);
  }

  private void configure(int port) throws IOException {
    Files.writeString(
        directory.resolve("krb5.conf"),
        """
        [libdefaults]
        default_realm = %1$s
        udp_preference_limit = 1
        dns_canonicalize_hostname = false
        rdns = false
        dns_lookup_kdc = false
        dns_lookup_realm = false
        [realms]
        %1$s = {
          kdc = 127.0.0.1:%2$d
        }
        [domain_realm]
        .test = %1$s
        [logging]
        kdc = FILE:%3$s/kdc.log
        """
            .formatted(REALM, port, directory));
    Files.writeString(
        directory.resolve("kdc.conf"),
        """
        [kdcdefaults]
        kdc_listen = ""
        kdc_tcp_listen = 127.0.0.1:%2$d
        [realms]
        %1$s = {
          database_name = %3$s/principal
          key_stash_file = %3$s/stash
          acl_file = %3$s/acl
        }
        """
            .formatted(REALM, port, directory));
  }

  /** The log tells, since whoever answers at the port may be a stranger. */
  private boolean serves(Process started) throws IOException, InterruptedException {
    Path log = directory.resolve("kdc.log");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
    while (!Files.exists(log) || !Files.readString(log).contains("commencing operation")) {
      if (started.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
        return false;
      }
    }
    return started.isAlive();
  }

  /** Waits, since what it writes would be in the way of removing the directory. */
  private static void end(Process process) {
    process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static int unusedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    end(kdc);
  }
}
