// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.admin.kadmin.local.LocalKadminImpl;
import org.apache.kerby.kerberos.kerb.identity.backend.BackendConfig;
import org.apache.kerby.kerberos.kerb.identity.backend.MemoryIdentityBackend;
import org.apache.kerby.kerberos.kerb.server.KdcConfig;
import org.apache.kerby.kerberos.kerb.server.KdcConfigKey;
import org.apache.kerby.kerberos.kerb.server.KdcServer;

/**
 * A Kerberos KDC inside this JVM, for tests and demonstrations only: its server is known to let
 * clients pass without pre-authentication, and its database is in memory.
 *
 * <pre>{@code
 * try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
 *   kdc.principal("HTTP/orders.shop");
 *   kdc.keytab(directory.resolve("orders.keytab"), "HTTP/orders.shop");
 * }
 * }</pre>
 *
 * <p>Listens on 127.0.0.1, TCP only, and makes AES keys only (encryption types 18 and 17, RFC
 * 3962). Sets no system property: who wants this JVM's own Kerberos client to use it starts the JVM
 * with {@code java.security.krb5.conf}. Several run side by side. Thread-safe.
 */
public final class EmbeddedKdc implements AutoCloseable {
  private static final int PORT_ATTEMPTS = 5;
  private static final String ENCRYPTION_TYPES = "aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96";

  private final String realm;
  private final int port;
  private final Path directory;
  private final KdcServer server;
  private final LocalKadminImpl administration;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKdc(String realm, int port, Path directory, KdcServer server) {
    this.realm = realm;
    this.port = port;
    this.directory = directory;
    this.server = server;
    this.administration = new LocalKadminImpl(server.getKdcSetting(), server.getIdentityService());
  }

  /**
   * Starts a KDC; the first in a JVM takes about half a second.
   *
   * @param realm the realm, by custom in capital letters
   * @return a KDC that answers, to be closed by the caller
   * @throws IllegalStateException if it does not start
   */
  public static EmbeddedKdc start(String realm) {
    if (!realm.matches("[A-Za-z0-9.-]{1,255}")) {
      throw new IllegalArgumentException("A realm of this KDC is written in A-Z, 0-9, '.' and '-'");
    }
    Path directory = temporaryDirectory();
    try {
      EmbeddedKdc kdc = startOnFreePort(realm, directory);
      kdc.administration.createBuiltinPrincipals();
      Files.writeString(kdc.krb5Conf(), kdc.configuration());
      return kdc;
    } catch (KrbException | IOException failed) {
      deleteTree(directory);
      throw new IllegalStateException("The embedded KDC of " + realm + " did not start", failed);
    }
  }

  /**
   * Adds a principal with random keys, version 1.
   *
   * @param name for example {@code HTTP/orders.shop}, with or without the realm
   * @return the full name, with the realm
   */
  public String principal(String name) {
    run("add " + name, () -> administration.addPrincipal(full(name)));
    return full(name);
  }

  /**
   * Adds a principal whose keys follow from a password.
   *
   * @param name for example {@code alice}, with or without the realm
   * @param password from which clients derive the key
   * @return the full name, with the realm
   */
  public String principal(String name, String password) {
    run("add " + name, () -> administration.addPrincipal(full(name), password));
    return full(name);
  }

  /**
   * Gives a principal new random keys under the next version number; keytabs written before are
   * stale from now on.
   *
   * @param name a principal that exists
   */
  public void rotateKeys(String name) {
    run("rotate the keys of " + name, () -> administration.updateKeys(full(name)));
  }

  /**
   * Writes the current keys of principals into a keytab, beside what is already in it, for this
   * user's eyes only.
   *
   * @param file the keytab; made if it does not exist
   * @param names principals that exist
   * @return the same file
   */
  public Path keytab(Path file, String... names) {
    for (String name : names) {
      run(
          "write the keytab of " + name,
          () -> administration.exportKeytab(file.toFile(), full(name)));
    }
    keepToOwner(file);
    return file;
  }

  /**
   * The realm.
   *
   * @return as it was given
   */
  public String realm() {
    return realm;
  }

  /**
   * Where it listens, TCP only.
   *
   * @return an address on 127.0.0.1
   */
  public InetSocketAddress address() {
    return new InetSocketAddress(loopback(), port);
  }

  /**
   * A krb5.conf for clients of this KDC, for {@code -Djava.security.krb5.conf} or {@code
   * KRB5_CONFIG} of another process. It is deleted when this is closed.
   *
   * @return an existing file
   */
  public Path krb5Conf() {
    return directory.resolve("krb5.conf");
  }

  /**
   * The lines of {@link #krb5Conf()} that stand under {@code [realms]}, for whoever writes a file
   * with several realms.
   *
   * @return a block on several lines: the JDK does not read one-line blocks
   */
  public String realmBlock() {
    return "%1$s = {%n  kdc = 127.0.0.1:%2$d%n}%n".formatted(realm, port);
  }

  /** Stops the server and deletes its files. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        run("stop", server::stop);
      } finally {
        deleteTree(directory);
      }
    }
  }

  private String configuration() {
    return """
        [libdefaults]
        default_realm = %1$s
        udp_preference_limit = 1
        dns_canonicalize_hostname = false
        rdns = false
        dns_lookup_kdc = false
        dns_lookup_realm = false
        permitted_enctypes = %2$s
        default_tkt_enctypes = %2$s
        default_tgs_enctypes = %2$s
        [realms]
        %3$s"""
        .formatted(realm, ENCRYPTION_TYPES, realmBlock());
  }

  private static EmbeddedKdc startOnFreePort(String realm, Path directory)
      throws IOException, KrbException {
    KrbException last = new KrbException("no free port");
    for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
      int port = freePort();
      KdcServer server = server(realm, port);
      try {
        server.init();
        server.start();
        return new EmbeddedKdc(realm, port, directory, server);
      } catch (KrbException taken) {
        last = taken;
      }
    }
    throw last;
  }

  /**
   * Not SimpleKdcServer, whose init() sets java.security.krb5.conf for the whole JVM, and not the
   * setters of KdcServer, which keep realm and port in an enum that all servers share.
   */
  private static KdcServer server(String realm, int port) throws KrbException {
    var config = new KdcConfig();
    config.setString(KdcConfigKey.KDC_REALM, realm);
    config.setString(KdcConfigKey.KDC_HOST, "127.0.0.1");
    config.setInt(KdcConfigKey.KDC_TCP_PORT, port);
    config.setBoolean(KdcConfigKey.KDC_ALLOW_TCP, true);
    config.setBoolean(KdcConfigKey.KDC_ALLOW_UDP, false);
    config.setString(KdcConfigKey.ENCRYPTION_TYPES, ENCRYPTION_TYPES);
    var backend = new BackendConfig();
    backend.setString(KdcConfigKey.KDC_IDENTITY_BACKEND, MemoryIdentityBackend.class.getName());
    return new KdcServer(config, backend);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, loopback())) {
      return socket.getLocalPort();
    }
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private String full(String name) {
    return name.indexOf('@') < 0 ? name + "@" + realm : name;
  }

  private interface KdcWork {
    void run() throws KrbException;
  }

  private void run(String what, KdcWork work) {
    try {
      work.run();
    } catch (KrbException failed) {
      throw new IllegalStateException(
          "The embedded KDC of " + realm + " could not " + what, failed);
    }
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("embedded-kdc-");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void keepToOwner(Path file) {
    boolean done = file.toFile().setReadable(false, false) && file.toFile().setReadable(true, true);
    if (!done) {
      throw new IllegalStateException("The rights of " + file + " cannot be set");
    }
  }

  private static void deleteTree(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
