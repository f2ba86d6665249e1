// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import dev.serviceidentity.mechanism.TlsMaterial;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * Netty over HTTP/1.1, with a connection for each call, which shows the certificate of its time.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Failures come to handlers and listeners.
final class NettyClient implements AutoCloseable {
  private static final int LARGEST_RESPONSE = 1024 * 1024;

  private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
  private final SslContext tls;

  /** A response. */
  record Answer(int status, String text) {}

  NettyClient(TlsMaterial material) {
    this.tls =
        new JdkSslContext(
            material.sslContext(),
            true,
            null,
            IdentityCipherSuiteFilter.INSTANCE,
            ApplicationProtocolConfig.DISABLED,
            ClientAuth.NONE,
            material.clientParameters().getProtocols(),
            false);
  }

  CompletableFuture<Answer> get(URI uri) {
    var call = new Call(uri);
    new Bootstrap()
        .group(loops)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel connection) {
                connection
                    .pipeline()
                    .addLast(
                        tls.newHandler(connection.alloc(), uri.getHost(), uri.getPort()),
                        new HttpClientCodec(),
                        new HttpObjectAggregator(LARGEST_RESPONSE),
                        call);
              }
            })
        .connect(uri.getHost(), uri.getPort())
        .addListener(call::failUnlessDone);
    return call.answer;
  }

  @Override
  public void close() {
    loops.shutdownGracefully();
  }

  private static final class Call extends SimpleChannelInboundHandler<FullHttpResponse> {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final URI uri;

    Call(URI uri) {
      this.uri = uri;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      var request =
          new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, uri.getRawPath());
      request.headers().set(HttpHeaderNames.HOST, uri.getAuthority());
      request.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      context.writeAndFlush(request).addListener(this::failUnlessDone);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpResponse response) {
      answer.complete(
          new Answer(
              response.status().code(), response.content().toString(StandardCharsets.UTF_8)));
      context.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(cause);
      context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answer.completeExceptionally(new IOException(uri + " closed without an answer"));
    }

    private void failUnlessDone(Future<?> step) {
      if (!step.isSuccess()) {
        answer.completeExceptionally(step.cause());
      }
    }
  }
}
