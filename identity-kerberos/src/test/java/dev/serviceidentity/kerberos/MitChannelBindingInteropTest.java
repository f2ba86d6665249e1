// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.caller.ChannelBinding;
import dev.serviceidentity.kerberos.initiator.HeldTicket;
import dev.serviceidentity.mechanism.RequestCredentials;
import dev.serviceidentity.mechanism.RequestCredentials.Reply;
import dev.serviceidentity.mechanism.Target;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our channel bindings before MIT's library, which a script of a few lines hands its own. */
class MitChannelBindingInteropTest {
  private static final String BAD_BINDINGS = "40000";
  private static final int CHANNEL_BOUND = 0x800;
  private static final ChannelBinding HERE = binding("here");

  @TempDir Path directory;
  private RealProgram python;
  private RealService service;
  private String[] said;

  @BeforeEach
  void find() throws Exception {
    RealProgram.required("kinit", "krb5-user"); // It has the library.
    python = RealProgram.required("python3", "python3");
    service = new RealService(directory, 18);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aTokenOfTheSameConnectionIsAcceptedAsBoundToIt(boolean spnego) throws Exception {
    Target target = RealService.at("https", 443).channelBinding(HERE);
    RequestCredentials mine = accept(spnego ? target : target.withoutSpnego());
    assertThat(said[0]).isEqualTo("0");
    assertThat(Integer.parseInt(said[1], 16) & CHANNEL_BOUND).isNotZero();
    byte[] answer = HexFormat.of().parseHex(said[2]);
    assertThat(mine.verifyReply(200, HeldTicket.fields(answer))).isInstanceOf(Reply.Complete.class);
  }

  @Test
  void aTokenOfAnotherConnectionIsRefused() throws Exception {
    accept(RealService.at("https", 443).channelBinding(binding("elsewhere")).withoutSpnego());
    assertThat(said[0]).isEqualTo(BAD_BINDINGS);
  }

  @Test
  void aTokenOfNoConnectionIsAcceptedAndNotAsBound() throws Exception {
    accept(RealService.at("https", 443));
    assertThat(said[0]).isEqualTo("0");
    assertThat(Integer.parseInt(said[1], 16) & CHANNEL_BOUND).isZero();
  }

  private RequestCredentials accept(Target target) throws Exception {
    RequestCredentials mine = service.alice().credentialsFor(target);
    Path script = directory.resolve("accept.py");
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("accept.py"))) {
      Files.copy(in, script);
    }
    var environment = new HashMap<>(service.environment());
    environment.put("KRB5_KTNAME", "FILE:" + service.keytab());
    HexFormat hex = HexFormat.of();
    said =
        python
            .run(
                environment,
                directory,
                script.toString(),
                hex.formatHex(HeldTicket.token(mine)),
                hex.formatHex(HERE.applicationData()))
            .strip()
            .split(" ");
    return mine;
  }

  private static ChannelBinding binding(String where) {
    return ChannelBinding.of(("tls-server-end-point:" + where).getBytes(StandardCharsets.US_ASCII));
  }
}
