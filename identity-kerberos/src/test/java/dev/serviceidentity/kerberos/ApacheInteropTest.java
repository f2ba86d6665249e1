// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.kerberos.ccache.CredentialCacheFile;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Our tokens before Apache httpd with mod_auth_gssapi, over TLS. Up to its version 1.6.4 that takes
 * bound tokens and does not look at what they are bound to.
 */
class ApacheInteropTest {
  private static final Path MODULES = Path.of("/usr/lib/apache2/modules");

  @TempDir Path directory;
  private RealProgram apache;
  private RealService service;
  private Process process;
  private int port;

  @BeforeEach
  void configure() throws Exception {
    apache =
        RealProgram.requiredWith(
            "apache2",
            "apache2 and libapache2-mod-auth-gssapi",
            MODULES.resolve("mod_auth_gssapi.so"));
    RealProgram openssl = RealProgram.required("openssl", "openssl");
    openssl.run(
        Map.of(),
        directory,
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-sha384",
        "-days",
        "1",
        "-subj",
        "/CN=orders.shop",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-keyout",
        directory.resolve("key.pem").toString(),
        "-out",
        certificateFile().toString());
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"17, true", "18, true", "19, true", "20, true", "18, false", "20, false"})
  void itKnowsTheCallerAndProvesItself(int etype, boolean spnego) throws Exception {
    start(etype);
    Target target = RealService.at("https", port);
    RequestCredentials mine =
        service.alice().credentialsFor(spnego ? target : target.withoutSpnego());
    HttpResponse<String> response = call(mine);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("X-Caller")).contains("alice@SHOP.EXAMPLE");
    assertThat(mine.verifyReply(200, response.headers().map())).isInstanceOf(Reply.Complete.class);
  }

  @Test
  void aTokenThatIsBoundToItsCertificateIsAccepted() throws Exception {
    start(18);
    ChannelBinding binding = ChannelBinding.tlsServerEndPoint(certificate());
    Target target = RealService.at("https", port).channelBinding(binding);
    RequestCredentials mine = service.alice().credentialsFor(target);
    HttpResponse<String> response = call(mine);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(mine.verifyReply(200, response.headers().map())).isInstanceOf(Reply.Complete.class);
  }

  @Test
  void aTicketThatItCannotOpenIsRefusedAndProvesNothing() throws Exception {
    start(18);
    RequestCredentials mine =
        service.aliceWithTicketOfAnotherKey().credentialsFor(RealService.at("https", port));
    HttpResponse<String> response = call(mine);
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(mine.verifyReply(401, response.headers().map()))
        .isNotInstanceOf(Reply.Complete.class);
  }

  @Test
  void itKnowsWhoeverHasLoggedInWithKinit() throws Exception {
    try (MitRealm realm = MitRealm.named(MitRealm.REALM, directory.resolve("realm"), "")) {
      serve(realm.principal("HTTP/orders.test"), realm.environment());
      Path own = realm.principal("alice", "+requires_preauth");
      String cache = realm.login("alice", own).get("KRB5CCNAME");
      try (var alice =
          KerberosIdentity.builder()
              .credentialCache(CredentialCacheFile.path(cache))
              .krb5Conf(realm.krb5Conf())
              .openTimeout(MitRealm.PATIENCE)
              .open()) {
        Target target =
            Target.of(URI.create("https://127.0.0.1:" + port))
                .servicePrincipal("HTTP/orders.test")
                .channelBinding(ChannelBinding.tlsServerEndPoint(certificate()));
        RequestCredentials mine = alice.credentialsFor(target);
        HttpResponse<String> response = call(mine);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("X-Caller")).contains("alice@MIT.EXAMPLE");
        assertThat(mine.verifyReply(200, response.headers().map()))
            .isInstanceOf(Reply.Complete.class);
      }
    }
  }

  private HttpResponse<String> call(RequestCredentials mine) throws Exception {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting(certificate())).build();
    URI uri = URI.create("https://127.0.0.1:" + port + "/hello.txt");
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(30));
    mine.applyTo(request::header);
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private Path certificateFile() {
    return directory.resolve("certificate.pem");
  }

  private X509Certificate certificate() throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(certificateFile())) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static SSLContext trusting(X509Certificate server)
      throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("server", server);
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private void start(int etype) throws IOException, InterruptedException {
    service = new RealService(directory, etype);
    serve(service.keytab(), service.environment());
  }

  private void serve(Path keytab, Map<String, String> settings)
      throws IOException, InterruptedException {
    port = RealProgram.unusedPort();
    Files.createDirectory(directory.resolve("site"));
    Files.writeString(directory.resolve("site/hello.txt"), "hello");
    Files.writeString(directory.resolve("httpd.conf"), configuration(keytab));
    // As root, Apache serves as nobody, who has to read the files of this test.
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(keytab, PosixFilePermissions.fromString("rw-r--r--"));
    var environment = new HashMap<>(settings);
    environment.put("KRB5RCACHENAME", "none:");
    Path output = directory.resolve("httpd.out");
    process =
        apache.start(
            environment, output, "-f", directory.resolve("httpd.conf").toString(), "-DFOREGROUND");
    RealService.awaitStart(process, port, output);
  }

  private String configuration(Path keytab) {
    return """
        ServerRoot %1$s
        ServerName orders.shop
        PidFile %1$s/httpd.pid
        Mutex file:%1$s default
        ErrorLog %1$s/error.log
        LogLevel info
        User nobody
        Group nogroup
        LoadModule mpm_event_module %2$s/mod_mpm_event.so
        LoadModule authn_core_module %2$s/mod_authn_core.so
        LoadModule authz_core_module %2$s/mod_authz_core.so
        LoadModule authz_user_module %2$s/mod_authz_user.so
        LoadModule auth_gssapi_module %2$s/mod_auth_gssapi.so
        LoadModule headers_module %2$s/mod_headers.so
        LoadModule ssl_module %2$s/mod_ssl.so
        Listen 127.0.0.1:%3$d
        SSLEngine on
        SSLSessionCache none
        SSLCertificateFile %1$s/certificate.pem
        SSLCertificateKeyFile %1$s/key.pem
        DocumentRoot %1$s/site
        <Location />
          AuthType GSSAPI
          AuthName orders
          GssapiCredStore keytab:%4$s
          Require valid-user
          Header set X-Caller "expr=%%{REMOTE_USER}"
        </Location>
        """
        .formatted(directory, MODULES, port, keytab);
  }
}
