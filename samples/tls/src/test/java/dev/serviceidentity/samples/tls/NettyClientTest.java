// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mtls.MtlsIdentity;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyClientTest extends ClientContract {
  private NettyClient client;

  @Override
  Calls as(MtlsIdentity identity) {
    client = new NettyClient(identity.tls().orElseThrow());
    return uri -> {
      NettyClient.Answer answer = client.get(uri).get(60, TimeUnit.SECONDS);
      return new Answer(answer.status(), answer.text());
    };
  }

  @AfterEach
  void closeClient() {
    client.close();
  }

  @Test
  void aServerIsKnownByItsIdentityWhateverItsHostName() throws Exception {
    assertThat(as(shop.client("web")).get(otherName()).status()).isEqualTo(200);
  }
}
