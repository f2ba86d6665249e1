// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls;

import dev.serviceidentity.mtls.Draft.Forged;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;

/** A real openssl with files of its own, at the time of the drafts. */
final class OpenSsl {
  /** It signs for both ends, and lists whom it revokes. */
  static final Forged ROOT =
      Draft.authority("root").keyUsage(true, KeyUsage.keyCertSign | KeyUsage.cRLSign).selfSigned();

  private static final GeneralName LOOPBACK = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
  private static final Pattern ACCEPTING = Pattern.compile("ACCEPT 127\\.0\\.0\\.1:(\\d+)");

  /** Whose certificates there are. */
  enum Kind {
    EC,
    RSA,
    ED25519;

    /** A leaf for either end. */
    Draft leaf(String id) {
      Draft leaf = Draft.leaf().names(false, Draft.uri(id), LOOPBACK);
      return switch (this) {
        case EC -> leaf;
        case RSA -> leaf.keys(Draft.keys("RSA", 2048));
        case ED25519 -> leaf.keys(Draft.keys("Ed25519", 0));
      };
    }
  }

  private final Path executable;
  private final Path directory;

  private OpenSsl(Path executable, Path directory) {
    this.executable = executable;
    this.directory = directory;
  }

  /** Skips the test if there is none. */
  static OpenSsl required(Path directory) {
    return new OpenSsl(Program.required("openssl", "openssl"), directory);
  }

  static Draft expired(String id) {
    return Kind.EC.leaf(id).validity(Draft.NOW.minusSeconds(7200), Draft.NOW.minusSeconds(3600));
  }

  /** Calls once, and returns all that it has to say about that. */
  String call(int port, String protocol, Path files, String... more) throws Exception {
    List<String> command = common("s_client", protocol, files);
    command.addAll(List.of("-connect", "127.0.0.1:" + port, "-verify_ip", "127.0.0.1", "-ign_eof"));
    command.addAll(List.of(more));
    return Program.run(directory, command);
  }

  /** Serves a page that tells of the client; an unusable client is refused. */
  Program serve(String protocol, Path files, String... more) throws Exception {
    List<String> command = common("s_server", protocol, files);
    command.addAll(List.of("-accept", "127.0.0.1:0", "-Verify", "3", "-www"));
    command.addAll(List.of(more));
    return Program.start(directory.resolve("s_server.out"), command);
  }

  static int port(Program server) throws Exception {
    return Integer.parseInt(server.await(ACCEPTING).group(1));
  }

  /** The options for a certificate of its own, and more. */
  static String[] showing(Path files, String... more) {
    return Stream.concat(
            Stream.of("-cert", own(files, "tls.crt"), "-key", own(files, "tls.key")),
            Stream.of(more))
        .toArray(String[]::new);
  }

  private List<String> common(String what, String protocol, Path files) {
    Instant now = Draft.NOW;
    return new ArrayList<>(
        List.of(
            executable.toString(),
            what,
            protocol.equals("TLSv1.2") ? "-tls1_2" : "-tls1_3",
            "-CAfile",
            own(files, "ca.crt"),
            "-attime",
            Long.toString(now.getEpochSecond()),
            "-verify_return_error"));
  }

  private static String own(Path files, String name) {
    return files.resolve(name).toString();
  }
}
